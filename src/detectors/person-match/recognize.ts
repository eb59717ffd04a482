import { lookAlikes, type PeopleIndex } from '../../registries/people/people-index.ts';
import { type Occasion, type Standing, standingOf } from '../../registries/people/standing.ts';
import type { SeenFace } from '../looking/sight.ts';
import { CONSENTED_BELOW, LEAST_CONSENTED_PX, LISTED_BELOW } from './listed-below.ts';

/** What is needed of a face to recognize it. */
export type RecognizableFace = Pick<SeenFace, 'descriptor' | 'seenPx'>;

/** A list can have thousands, and a finding a thousand signals. */
const MOST_NAMED = 20;

/**
 * Whose face it is, by the register, on this occasion: `person:protected:<id>`, `person:no-consent:<id>`, `person:consented:<id>`,
 * `person:ambiguous` where it looks like several, or `person:unknown`. Never empty.
 */
export function recognize(face: RecognizableFace, index: PeopleIndex, occasion: Occasion): readonly string[] {
  const listed = lookAlikes(index, face.descriptor, LISTED_BELOW)
    .map(({ person, distance }) => ({ id: person.id, distance, standing: standingOf(person.entries, occasion) }))
    .filter(({ standing }) => standing !== 'none');
  const restricted = listed
    .filter(({ standing }) => standing !== 'consented')
    .slice(0, MOST_NAMED)
    .map(({ id, standing }) => `person:${standing}:${id}`);
  if (listed.length > 1) return [...restricted, 'person:ambiguous'];
  const consented = listed.find(({ standing, distance }) => counts(standing, distance, face));
  if (consented !== undefined) return [`person:consented:${consented.id}`];
  return restricted.length > 0 ? restricted : ['person:unknown'];
}

function counts(standing: Standing, distance: number, { seenPx }: RecognizableFace): boolean {
  return standing === 'consented' && distance <= CONSENTED_BELOW && seenPx >= LEAST_CONSENTED_PX;
}
