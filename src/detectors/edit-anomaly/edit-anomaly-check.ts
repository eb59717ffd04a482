import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { FLAGGED_FROM } from './edit-comparison.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(25_000) });

/** `bench/detectors.ts`. A test compares. That somebody is still there is no likeness of anybody in particular, so it covers nothing. */
const COVERAGE = coverageLines('ncii_undress', ['artifact'], {
  measured: { dataset: 'drawn edits of portraits of adults', n: 810, error: { missed: 0, falseAlarms: 0.00148 }, on: '2026-11-22' },
  note: 'plain patches and dyes in memory, of edits; on real undressing edits it was not measured, and without an input picture it says nothing',
});

/** What is not flagged stays below every rule about undressing. */
const UNFLAGGED_WEIGHT = 0.25;
/** A person who is still there is no risk; only floor:real_person_undress asks for it. Below every threshold. */
const SAME_PERSON = 0.04;

/**
 * Did this edit take somebody's clothes? Compares each picture that came in with what the model made of it; see `createEditComparer`.
 * Also says who is still there: `edit:same-person`, when somebody's face of an input picture is found again.
 */
export function createEditAnomalyCheck({ compareEdit }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'edit-anomaly',
    version: `1+${NETWORKS['face-descriptor'].sha256.slice(0, 8)}+${NETWORKS['nudity-deep'].sha256.slice(0, 8)}`,
    looksAt: ['artifact'],
    categories: ['ncii_undress', 'real_person_likeness'],
    coverage: COVERAGE,
    deadlineMs,
    async detect({ image, sources = [] }, signal) {
      if (image === undefined) throw new TypeError('edit-anomaly needs an image');
      const scores: number[] = [];
      let samePersons = 0;
      for (const source of sources) {
        const answer = await compareEdit(source, image, signal);
        if (answer.kind === 'unreadable') return { kind: 'abstained', reason: `unreadable:${answer.which}` };
        scores.push(answer.score);
        samePersons += answer.samePersons;
      }
      const still: Signal[] =
        samePersons === 0 ? [] : [{ category: 'real_person_likeness', score: SAME_PERSON, reason: 'edit:same-person' }];
      return { kind: 'signals', signals: [...undressing(Math.max(0, ...scores)), ...still] };
    },
  };
}

function undressing(score: number): Signal[] {
  if (score === 0) return [];
  const flagged = score >= FLAGGED_FROM;
  const reason = flagged ? 'edit:bared' : 'edit:changed';
  return [{ category: 'ncii_undress', score: flagged ? score : score * UNFLAGGED_WEIGHT, reason }];
}
