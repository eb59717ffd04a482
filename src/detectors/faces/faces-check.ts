import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { effortFor } from '../looking/effort-for.ts';
import type { SeenFace } from '../looking/sight.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { apparentAgeOf } from './apparent-age.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(20_000) });

/** `bench/detectors.ts`: adults taken for young. A test compares. */
const COVERAGE = coverageLines('sexual_minors', ['input_image', 'artifact'], {
  measured: { dataset: 'official portraits of adults', n: 45, error: { missed: 'unmeasured', falseAlarms: 0.0222 }, on: '2026-11-22' },
  note: 'tells that a face cannot be taken for an adult’s, and acts only beside something sexual; there was no licensed set of minors, so how many are missed is not known; faces from behind, covered or drawn are not seen',
});

/** A face alone is no risk, a child's neither: the score stays below every threshold, so that only rules which name this check act on it. */
const LOUDEST = 0.04;

/** In a crowd, of a face at which nobody looked. */
const UNSEEN: Signal = { category: 'sexual_minors', score: 0.001, reason: 'face:illegible' };

/**
 * Is there a face that cannot be taken for an adult's? `face:young` or `face:illegible`, for rules that forbid what must not stand
 * beside it. Says nothing about adults: apparent age adds restrictions and takes none away.
 */
export function createFacesCheck({ looker }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'faces',
    version: `2+${NETWORKS['face-boxes'].sha256.slice(0, 8)}+${NETWORKS['face-age'].sha256.slice(0, 8)}`,
    looksAt: ['input_image', 'artifact'],
    categories: ['sexual_minors'],
    coverage: COVERAGE,
    deadlineMs,
    async detect(input, signal) {
      if (input.image === undefined) throw new TypeError('faces needs an image');
      const sight = await looker.look(input.image, effortFor(input), signal);
      if (sight.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      const unseen = sight.isCrowded ? [UNSEEN] : [];
      return { kind: 'signals', signals: strongest([...sight.faces.flatMap(signalOf), ...unseen]) };
    },
  };
}

function signalOf(face: SeenFace): Signal[] {
  const { impression, minorProbability } = apparentAgeOf(face);
  if (impression === 'adult') return [];
  return [{ category: 'sexual_minors', score: Math.max(0.001, LOUDEST * minorProbability), reason: `face:${impression}` }];
}

/** One for each reason. */
function strongest(signals: readonly Signal[]): Signal[] {
  const byReason = new Map<string, Signal>();
  for (const signal of signals) {
    if ((byReason.get(signal.reason)?.score ?? 0) < signal.score) byReason.set(signal.reason, signal);
  }
  return [...byReason.values()];
}
