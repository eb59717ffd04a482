import { z } from 'zod';
import type { Check, CheckInput } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import { lookAlikes, type PeopleIndex } from '../../registries/people/people-index.ts';
import { type Occasion, type Standing, standingOf } from '../../registries/people/standing.ts';
import type { CheckParts } from '../check-parts.ts';
import { coverageLines } from '../coverage-lines.ts';
import { effortFor } from '../looking/effort-for.ts';
import type { SeenFace } from '../looking/sight.ts';
import { NETWORKS } from '../networks/network-files.ts';
import { CONSENTED_BELOW, LEAST_CONSENTED_PX, LISTED_BELOW } from './listed-below.ts';

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
      return `1+${NETWORKS['face-descriptor'].sha256.slice(0, 8)}+${people.version}`;
    },
    looksAt: ['input_image', 'artifact'],
    categories: ['real_person_likeness'],
    coverage: COVERAGE,
    deadlineMs,
    async detect(input, signal) {
      if (input.image === undefined) throw new TypeError('person-match needs an image');
      const sight = await looker.look(input.image, effortFor(input), signal);
      if (sight.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      if (sight.faces.length === 0) return { kind: 'signals', signals: [] };
      const index = await people.current();
      const { operation, surface, application } = input;
      const occasion = { at: new Date(), operation, surface, application, regions: regionsOf(surface) };
      const signals = new Map<string, Signal>();
      for (const face of sight.faces) for (const one of signalsOf(face, index, occasion, input)) signals.set(one.reason, one);
      return { kind: 'signals', signals: [...signals.values()] };
    },
  };
}

/** A list can have thousands, and a finding a thousand signals. */
const MOST_NAMED = 20;

function signalsOf(face: SeenFace, index: PeopleIndex, occasion: Occasion, { subject, operation }: CheckInput): Signal[] {
  const listed = lookAlikes(index, face.descriptor, LISTED_BELOW)
    .map(({ person, distance }) => ({ id: person.id, distance, standing: standingOf(person.entries, occasion) }))
    .filter(({ standing }) => standing !== 'none');
  const restricted = listed.filter(({ standing }) => standing !== 'consented').slice(0, MOST_NAMED);
  const signals = restricted.map(({ id, standing }) => said(`person:${standing}:${id}`, 1));
  if (listed.length > 1) return [...signals, said('person:ambiguous', AMBIGUOUS)];
  const consented = listed.find(({ standing, distance }) => counts(standing, distance, face));
  if (consented !== undefined) return [said(`person:consented:${consented.id}`, NOTED)];
  const isChanged = subject.kind === 'input_image' && (operation === 'edit' || operation === 'variation');
  return signals.length === 0 && isChanged ? [said('person:unknown', NOTED)] : signals;
}

function counts(standing: Standing, distance: number, { seenPx }: SeenFace): boolean {
  return standing === 'consented' && distance <= CONSENTED_BELOW && seenPx >= LEAST_CONSENTED_PX;
}

function said(reason: string, score: number): Signal {
  return { category: 'real_person_likeness', score, reason };
}
