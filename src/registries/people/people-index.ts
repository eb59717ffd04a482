import { distanceOf } from '../../detectors/faces/same-person.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { DESCRIPTOR_NUMBERS, type Descriptor, type ListedPerson } from './person.ts';
import { openVault } from './person-vault.ts';
import type { StoredPerson } from './stored-people.ts';

/** Somebody who is listed, with their faces: in this process's memory and nowhere else in the clear. */
export interface KnownPerson extends ListedPerson {
  readonly faces: readonly Descriptor[];
}

/** Everybody who is listed, at one moment. */
export interface PeopleIndex {
  readonly version: number;
  readonly people: readonly KnownPerson[];
}

export interface LookAlike {
  readonly person: KnownPerson;
  /** Of the nearest of the person's faces; see `detectors/faces`. */
  readonly distance: number;
}

/** Who looks like this face, the nearest first. */
export function lookAlikes({ people }: PeopleIndex, face: ArrayLike<number>, below: number): LookAlike[] {
  return people
    .map((person) => ({ person, distance: nearest(person.faces, face) }))
    .filter(({ distance }) => distance <= below)
    .toSorted((a, b) => a.distance - b.distance);
}

/** Infinity where there are no faces. */
export function nearest(faces: readonly Descriptor[], face: ArrayLike<number>): number {
  return Math.min(Number.POSITIVE_INFINITY, ...faces.map((own) => distanceOf(own, face)));
}

/** Opens whoever changed since `before`. @throws ImprimaturError EVIDENCE_UNREADABLE when one cannot be opened: nobody knows then who is listed */
export async function openIndex(
  { version, people }: { readonly version: number; readonly people: readonly StoredPerson[] },
  before: ReadonlyMap<string, OpenedFaces>,
  evidence: Pick<EvidenceStore, 'open'>,
): Promise<{ readonly index: PeopleIndex; readonly opened: ReadonlyMap<string, OpenedFaces> }> {
  const opened = new Map<string, OpenedFaces>();
  const known: KnownPerson[] = [];
  for (const { keyBlob, about: _, faces: sealed, ...person } of people) {
    const earlier = before.get(person.id);
    const faces =
      earlier?.version === person.version
        ? earlier.faces
        : unpackFaces(await (await openVault(person.id, keyBlob, evidence)).open('faces', sealed));
    opened.set(person.id, { version: person.version, faces });
    known.push({ ...person, faces });
  }
  return { index: { version, people: known }, opened };
}

/** What is kept of one person from look to look. */
export interface OpenedFaces {
  readonly version: number;
  readonly faces: readonly Descriptor[];
}

export function packFaces(faces: readonly Descriptor[]): Uint8Array {
  return Buffer.concat(faces.map((face) => Buffer.from(face.buffer, face.byteOffset, face.byteLength)));
}

/** @throws RangeError when they are not whole, or hold what is no number */
export function unpackFaces(bytes: Uint8Array): readonly Descriptor[] {
  const size = DESCRIPTOR_NUMBERS * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length % size !== 0) throw new RangeError('the faces of a person are cut short');
  const aligned = Uint8Array.from(bytes);
  const faces = Array.from({ length: bytes.length / size }, (_, at) => new Float32Array(aligned.buffer, at * size, DESCRIPTOR_NUMBERS));
  // A distance to what is no number is below no threshold: the person would never be found.
  if (faces.some((face) => !face.every(Number.isFinite))) throw new RangeError('the faces of a person are damaged');
  return faces;
}
