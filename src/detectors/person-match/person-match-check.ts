import { z } from 'zod';
import type { Check, CheckInput } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { effortFor } from '../looking/effort-for.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { recognize } from './recognize.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(20_000) });

/** `bench/detectors.ts`: portraits looked up in a register of them. A test compares. */
const COVERAGE = coverageLines('real_person_likeness', ['input_image', 'artifact'], {
  measured: { dataset: 'official portraits of adults, years apart', n: 792, error: { missed: 0, falseAlarms: 0 }, on: '2026-11-22' },
  note: 'recognizes who is in the register of people, and nobody without one; 18 people looked up among 774 pairs of strangers, adults of official portraits alone',
});

/** Enough to be held for a person, too little to be refused: which of several people this is could not be told. */
const AMBIGUOUS = 0.6;
/** Below every threshold: only rules that name this check act on it. */
const NOTED = 0.001;

/**
 * Is somebody in the picture who is listed? `person:protected:<id>` and `person:no-consent:<id>` with score 1; `person:ambiguous` where a face
 * looks like several people. `person:consented:<id>`, and in edits `person:unknown`, are for rules that name this check. A consent takes nothing
 * away from what anybody says: it is the absence of the other reasons.
 */
export function createPersonMatchCheck({ looker, people, regionsOf }: CheckParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'person-match',
    // The register changes while the gateway runs.
    get version() {
      return `2+${NETWORKS['face-descriptor'].sha256.slice(0, 8)}+${people.version}`;
    },
    readsRegister: true,
    looksAt: ['input_image', 'artifact'],
    categories: ['real_person_likeness'],
    coverage: COVERAGE,
    deadlineMs,
    async detect(input, signal) {
      if (input.image === undefined) throw new TypeError('person-match needs an image');
      const sight = await looker.look(input.image, effortFor(input), signal);
      if (sight.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      if (sight.faces.length === 0 && !sight.isCrowded) return { kind: 'signals', signals: [] };
      const index = await people.current();
      const { operation, surface, application } = input;
      const occasion = { at: new Date(), operation, surface, application, regions: regionsOf(surface) };
      const reasons = new Set(sight.faces.flatMap((face) => recognize(face, index, occasion)));
      if (!isUnknownWanted(input)) reasons.delete('person:unknown');
      const signals = [...reasons].map((reason): Signal => ({ category: 'real_person_likeness', score: scoreOf(reason), reason }));
      // Somebody who is listed may be among those at whom nobody looked.
      const isOpen = sight.isCrowded && index.people.length > 0 && signals.every(({ score }) => score < AMBIGUOUS);
      return isOpen ? { kind: 'abstained', reason: 'too_many_faces' } : { kind: 'signals', signals };
    },
  };
}

function scoreOf(reason: string): number {
  if (reason === 'person:ambiguous') return AMBIGUOUS;
  return reason === 'person:unknown' || reason.startsWith('person:consented:') ? NOTED : 1;
}

/** Only of those whose picture is to be changed; of a stranger in what a model drew nobody asks. */
function isUnknownWanted({ subject, operation }: CheckInput): boolean {
  return subject.kind === 'input_image' && (operation === 'edit' || operation === 'variation');
}
