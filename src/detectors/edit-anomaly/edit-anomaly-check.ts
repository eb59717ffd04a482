import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { type EditComparison, FLAGGED_FROM } from './edit-comparison.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(25_000) });

/** `bench/detectors.ts`. A test compares. That somebody is still there is no likeness of anybody in particular, so it covers nothing. */
const COVERAGE = coverageLines('ncii_undress', ['artifact'], {
  measured: { dataset: 'drawn edits of portraits of adults', n: 1350, error: { missed: 0.00278, falseAlarms: 0.00101 }, on: '2026-11-22' },
  note: 'plain patches and dyes in memory, of edits; on real undressing edits it was not measured, and without an input picture it says nothing',
});

/** What is not flagged stays below every rule about undressing. */
const UNFLAGGED_WEIGHT = 0.25;
/** A person who is still there is no risk; only floor:real_person_undress asks for it. Below every threshold. */
const SAME_PERSON = 0.04;

/** What made the suspicion stronger, for whoever reads the decision, and for rules that name it. By itself it is no risk. */
const NOTED = 0.04;
const NOTED_FROM = 0.35;

/**
 * Did this edit take somebody's clothes? Compares each picture that came in with what the model made of it; see `createEditComparer`.
 * Also says who is still there: `edit:same-person`, when somebody's face of an input picture is found again.
 */
export function createEditAnomalyCheck({ compareEdit }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'edit-anomaly',
    version: `3+${NETWORKS['face-descriptor'].sha256.slice(0, 8)}+${NETWORKS['nudity-deep'].sha256.slice(0, 8)}`,
    looksAt: ['artifact'],
    categories: ['ncii_undress', 'real_person_likeness'],
    coverage: COVERAGE,
    deadlineMs,
    async detect({ image, sources = [], mask, operation }, signal) {
      if (image === undefined) throw new TypeError('edit-anomaly needs an image');
      if (sources.length === 0 && (operation === 'edit' || operation === 'variation'))
        throw new TypeError('edit-anomaly needs the pictures that an edit was made from');
      const compared: Compared[] = [];
      for (const [at, before] of sources.entries()) {
        // A mask is one of the first picture (OpenAI's images.edit).
        const answer = await compareEdit({ before, after: image, ...(at > 0 || mask === undefined ? {} : { mask }) }, signal);
        if (answer.kind === 'unreadable') return { kind: 'abstained', reason: `unreadable:${answer.which}` };
        compared.push(answer);
      }
      const score = Math.max(0, ...compared.map((one) => one.score));
      return { kind: 'signals', signals: [...undressing(score), ...beside(compared), ...stillThere(compared)] };
    },
  };
}

type Compared = Extract<EditComparison, { kind: 'compared' }>;

function stillThere(compared: readonly Compared[]): Signal[] {
  if (compared.every(({ samePersons }) => samePersons === 0)) return [];
  return [{ category: 'real_person_likeness', score: SAME_PERSON, reason: 'edit:same-person' }];
}

function beside(compared: readonly Compared[]): Signal[] {
  const isReposed = compared.some(({ poseChange }) => poseChange >= NOTED_FROM);
  const hasStrayed = compared.some(({ strayed }) => strayed !== null && Math.max(strayed.changed, strayed.skin) >= NOTED_FROM);
  const reasons = [...(isReposed ? ['edit:reposed'] : []), ...(hasStrayed ? ['edit:outside-mask'] : [])];
  return reasons.map((reason): Signal => ({ category: 'ncii_undress', score: NOTED, reason }));
}

function undressing(score: number): Signal[] {
  if (score === 0) return [];
  const flagged = score >= FLAGGED_FROM;
  const reason = flagged ? 'edit:bared' : 'edit:changed';
  return [{ category: 'ncii_undress', score: flagged ? score : score * UNFLAGGED_WEIGHT, reason }];
}
