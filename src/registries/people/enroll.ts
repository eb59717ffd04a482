import { createHash, randomBytes } from 'node:crypto';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId, type PersonId } from '../../contracts/ids.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../../detectors/faces/same-person.ts';
import type { EvidenceStore, SealedEvidence } from '../../evidence/evidence-store.ts';
import { commitment } from '../../ledger/entry.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { nextRegistryVersion } from '../registry-version.ts';
import { lookAlikes, nearest, type PeopleIndex, packFaces } from './people-index.ts';
import { type ConsentScope, type Descriptor, MOST_FACES, type PersonList } from './person.ts';
import { makeVault, openVault, type PersonVault } from './person-vault.ts';
import { insertEntry, insertPerson, type StoredPerson, storedPeople, touchPerson, updateFaces } from './stored-people.ts';

/** Somebody to put on a list. */
export interface NewListing {
  readonly list: PersonList;
  /** Kept sealed; undefined where nobody needs to know it. */
  readonly name: string | undefined;
  readonly faces: readonly Descriptor[];
  readonly scope: ConsentScope;
  readonly expiresAt: Date | null;
  /** Where the evidence is, such as the number of a contract. Kept sealed. */
  readonly reference: string | undefined;
  /** The evidence itself; sealed in the evidence store. */
  readonly document: Uint8Array | undefined;
  /** They are on a list already. */
  readonly sameAs: PersonId | undefined;
  /** These look alike and are others. */
  readonly distinctFrom: readonly PersonId[];
  readonly by: string;
}

export interface EnrollParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'seal' | 'open' | 'shred'>;
  /** Everybody, as a transaction sees them. */
  readonly indexIn: (tx: Queryable) => Promise<PeopleIndex>;
}

/** Pictures of one person that are this far apart show two: above it lies one genuine pair in a hundred, and 99 of a hundred pairs of strangers. */
const OTHER_PERSON_ABOVE = 0.6;
/** Matching time and memory must stay bounded, and long before that false matches are too many. */
const MOST_PEOPLE = 5_000;

/** @throws ImprimaturError REQUEST_INVALID when the faces contradict each other, or look like somebody who is listed; NOT_FOUND */
export async function enroll(wish: NewListing, parts: EnrollParts): Promise<PersonId> {
  requireOnePerson(wish.faces);
  const { db, evidence } = parts;
  const id = wish.sameAs ?? newId('person');
  const made: SealedEvidence['blob'][] = [];
  try {
    const entry = newId('entry');
    const document =
      wish.document === undefined ? undefined : await evidence.seal({ id: entry, kind: 'consent_document', bytes: wish.document });
    if (document !== undefined) made.push(document.blob);
    const fresh = wish.sameAs === undefined ? await makeVault(id, evidence) : undefined;
    if (fresh !== undefined) made.push(fresh.blob);
    await db.transaction((tx) => enrollIn(tx, { id, entry, wish, document, fresh }, parts));
    return id;
  } catch (error) {
    // Where the commit is in doubt, what it may need stays.
    const isCertain = error instanceof ImprimaturError && error.code !== 'STORAGE_UNAVAILABLE';
    if (isCertain) await Promise.allSettled(made.map((blob) => evidence.shred(blob)));
    throw error;
  }
}

interface Enrolling {
  readonly id: PersonId;
  readonly entry: ReturnType<typeof newId<'entry'>>;
  readonly wish: NewListing;
  readonly document: SealedEvidence | undefined;
  readonly fresh: { readonly blob: string; readonly vault: PersonVault } | undefined;
}

async function enrollIn(tx: Queryable, { id, entry, wish, document, fresh }: Enrolling, parts: EnrollParts): Promise<void> {
  // First, so that of two who put the same person on a list at once the second sees the first.
  const version = await nextRegistryVersion(tx, 'people');
  const index = await parts.indexIn(tx);
  if (fresh !== undefined && index.people.length >= MOST_PEOPLE) throw refused(`There are ${MOST_PEOPLE} people at most.`, 'pictures');
  requireDistinct(wish, index);
  const vault = fresh === undefined ? await growPerson(tx, { id, wish, index }, parts) : fresh.vault;
  if (fresh !== undefined) await insertPerson(tx, await newPerson(id, wish, fresh), version);
  else await touchPerson(tx, id, version);
  const salt = randomBytes(16);
  const facts = { reference: wish.reference ?? null, document_sha256: document?.sha256 ?? null };
  const sealed = await vault.seal('entry', Buffer.from(JSON.stringify({ ...facts, salt: salt.toString('base64') })));
  await insertEntry(tx, { ...wish, id: entry, personId: id, evidence: sealed, documentBlob: document?.blob ?? null, addedBy: wish.by });
  const digest = createHash('sha256').update(packFaces(wish.faces)).digest('hex');
  const committed = commitment(salt, JSON.stringify({ name: wish.name ?? null, faces: digest, scope: wish.scope, ...facts }));
  await parts.journal.recordIn(tx, {}, [
    { kind: 'person.listed', person: id, entry, list: wish.list, faces: wish.faces.length, commitment: committed, by: wish.by },
  ]);
}

async function newPerson(id: PersonId, { name, faces, by }: NewListing, { blob, vault }: NonNullable<Enrolling['fresh']>) {
  const about = await vault.seal('about', Buffer.from(JSON.stringify({ name: name ?? null })));
  return { id, keyBlob: blob, about, faces: await vault.seal('faces', packFaces(faces)), faceCount: faces.length, addedBy: by };
}

/** More faces for somebody who is listed. */
async function growPerson(
  tx: Queryable,
  { id, wish, index }: { readonly id: PersonId; readonly wish: NewListing; readonly index: PeopleIndex },
  { evidence }: EnrollParts,
): Promise<PersonVault> {
  const stored = (await storedPeople(tx)).people.find((one): one is StoredPerson => one.id === id);
  const known = index.people.find((one) => one.id === id);
  if (stored === undefined || known === undefined)
    throw new ImprimaturError('NOT_FOUND', { hint: 'There is nobody of this id on a list.', param: 'same_as' });
  const vault = await openVault(id, stored.keyBlob, evidence);
  const faces = [...known.faces, ...wish.faces];
  if (faces.length > MOST_FACES)
    throw refused(`There are ${known.faces.length} faces of ${id}, and ${MOST_FACES} at most: send fewer pictures, or none.`, 'pictures');
  await updateFaces(tx, { id, faces: await vault.seal('faces', packFaces(faces)), faceCount: faces.length });
  return vault;
}

function requireOnePerson([first, ...others]: readonly Descriptor[]): void {
  const at = first === undefined ? -1 : others.findIndex((other) => distanceOf(first, other) > OTHER_PERSON_ABOVE);
  if (at >= 0) throw refused(`Picture ${at + 2} does not show the person of picture 1.`, `pictures[${at + 1}]`);
}

function requireDistinct({ faces, sameAs, distinctFrom }: NewListing, index: PeopleIndex): void {
  const alike = faces.flatMap((face) => lookAlikes(index, face, SAME_PERSON_BELOW));
  const [twin] = alike
    .filter(({ person: { id } }) => id !== sameAs && !distinctFrom.includes(id))
    .toSorted((a, b) => a.distance - b.distance);
  if (twin !== undefined)
    throw refused(
      `This looks like ${twin.person.id}, at a distance of ${twin.distance.toFixed(2)}: say "same_as" if it is that person, "distinct_from" if it is another.`,
      'pictures',
    );
  const same = index.people.find(({ id }) => id === sameAs);
  const farthest = same === undefined ? 0 : Math.max(0, ...faces.map((face) => nearest(same.faces, face)));
  if (farthest > OTHER_PERSON_ABOVE) throw refused(`The pictures do not show ${sameAs}.`, 'same_as');
}

function refused(hint: string, param: string): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { hint, param });
}
