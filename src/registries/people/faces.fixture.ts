import { seededRandom } from '../../../bench/random.ts';
import type { NewListing } from './enroll.ts';
import { DESCRIPTOR_NUMBERS, type Descriptor } from './person.ts';

/** A face that no other seed's is near to. */
export function faceOf(seed: number): Descriptor {
  const random = seededRandom(seed);
  return Float32Array.from({ length: DESCRIPTOR_NUMBERS }, () => random() * 0.3 - 0.15);
}

/** A face at this distance. */
export function near(face: Descriptor, distance: number): Descriptor {
  return face.map((value, at) => (at === 0 ? value + distance : value));
}

export function aListing(more: Partial<NewListing> = {}): NewListing {
  return {
    list: 'protected',
    name: 'Ada Example',
    faces: [faceOf(1)],
    scope: { purposes: [] },
    expiresAt: null,
    reference: undefined,
    document: undefined,
    sameAs: undefined,
    distinctFrom: [],
    by: 'local',
    ...more,
  };
}

export const aConsent = (more: Partial<NewListing> = {}) =>
  aListing({ list: 'consent', scope: { purposes: ['edit'] }, reference: 'contract 7', ...more });
