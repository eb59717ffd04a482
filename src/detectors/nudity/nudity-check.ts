import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { effortFor } from '../looking/effort-for.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { nudityRisk } from './nudity-risk.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(20_000) });

/** `bench/detectors.ts`, above 0.5. A test compares. */
const COVERAGE = coverageLines('sexual', ['input_image', 'artifact'], {
  measured: { dataset: 'official portraits of adults', n: 45, error: { missed: 'unmeasured', falseAlarms: 0 }, on: '2026-11-22' },
  note: 'no sexual picture was fetched, made or kept, so how much is missed is not known; drawings, small figures and partial nudity are seen worse',
});

/** A score below this says "nothing". */
const NOTHING = 0.01;

/** Does a picture show nudity or sexual acts? `nudity:explicit` and `nudity:suggestive`, see `nudityRisk`. It draws no boxes and knows no persons. */
export function createNudityCheck({ looker }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'nudity',
    version: `2+${NETWORKS['nudity-quick'].sha256.slice(0, 8)}+${NETWORKS['nudity-deep'].sha256.slice(0, 8)}`,
    looksAt: ['input_image', 'artifact'],
    categories: ['sexual'],
    coverage: COVERAGE,
    deadlineMs,
    async detect(input, signal) {
      if (input.image === undefined) throw new TypeError('nudity needs an image');
      const sight = await looker.look(input.image, effortFor(input), signal);
      if (sight.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      const { explicit, suggestive } = nudityRisk(sight.nudity);
      const signals: Signal[] = [
        { category: 'sexual', score: explicit, reason: 'nudity:explicit' },
        { category: 'sexual', score: suggestive, reason: 'nudity:suggestive' },
      ];
      return { kind: 'signals', signals: signals.filter(({ score }) => score >= NOTHING) };
    },
  };
}
