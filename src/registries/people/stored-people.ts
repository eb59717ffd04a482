import { z } from 'zod';
import type { PersonEntryId, PersonId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { entryId, type ListedPerson, PERSON_LISTS, personId, scopeSchema } from './person.ts';

/** Somebody who is listed, with what only their key opens. */
export interface StoredPerson extends ListedPerson {
  readonly keyBlob: string;
  /** Another after each change. */
  readonly version: number;
  readonly about: Uint8Array;
  readonly faces: Uint8Array;
}

const entryRow = z
  .object({
    id: entryId,
    list: z.enum(PERSON_LISTS),
    scope: scopeSchema,
    document_blob: z.string().nullable(),
    added_by: z.string(),
    added_at: z.coerce.date(),
    expires_at: z.coerce.date().nullable(),
    revoked_at: z.coerce.date().nullable(),
  })
  .transform(({ document_blob, added_by, added_at, expires_at, revoked_at, ...entry }) => ({
    ...entry,
    hasDocument: document_blob !== null,
    addedBy: added_by,
    addedAt: added_at,
    expiresAt: expires_at,
    revokedAt: revoked_at,
  }));
const personRow = z
  .object({
    id: personId,
    key_blob: z.string(),
    version: z.coerce.number(),
    about: z.instanceof(Uint8Array),
    faces: z.instanceof(Uint8Array),
    face_count: z.int().nonnegative(),
    added_by: z.string(),
    added_at: z.date(),
    entries: z.array(entryRow),
  })
  .transform(({ key_blob, face_count, added_by, added_at, ...person }): StoredPerson => {
    return { ...person, keyBlob: key_blob, faceCount: face_count, addedBy: added_by, addedAt: added_at };
  });

/** Everybody, and the version of the register that this is; one statement, so that both are of one moment. */
export async function storedPeople(db: Queryable): Promise<{ readonly version: number; readonly people: readonly StoredPerson[] }> {
  const { rows } = await db.query({
    name: 'people',
    text: `select v.version as registry_version, p.*, coalesce((select jsonb_agg(to_jsonb(e) - 'evidence' order by e.added_at, e.id)
      from people_entries e where e.person_id = p.id), '[]') as entries
      from registry_versions v left join people p on true where v.name = 'people' order by p.id`,
  });
  const { registry_version } = z.object({ registry_version: z.coerce.number() }).parse(rows[0]);
  return { version: registry_version, people: rows.filter(({ id }) => id !== null).map((row) => personRow.parse(row)) };
}

/** What a person's row holds beside its version. */
export interface NewPerson extends Pick<StoredPerson, 'id' | 'keyBlob' | 'about' | 'faces' | 'faceCount' | 'addedBy'> {}

export async function insertPerson(tx: Queryable, person: NewPerson, version: number): Promise<void> {
  const { id, keyBlob, about, faces, faceCount, addedBy } = person;
  await tx.query({
    text: 'insert into people (id, key_blob, version, about, faces, face_count, added_by) values ($1, $2, $3, $4, $5, $6, $7)',
    values: [id, keyBlob, version, about, faces, faceCount, addedBy],
  });
}

export async function updateFaces(tx: Queryable, { id, faces, faceCount }: Pick<NewPerson, 'id' | 'faces' | 'faceCount'>): Promise<void> {
  await tx.query({ text: 'update people set faces = $2, face_count = $3 where id = $1', values: [id, faces, faceCount] });
}

/** So that other processes read this person anew. */
export async function touchPerson(tx: Queryable, id: PersonId, version: number): Promise<void> {
  await tx.query({ text: 'update people set version = $2 where id = $1', values: [id, version] });
}

export interface NewEntry extends Pick<ListedPerson['entries'][number], 'id' | 'list' | 'scope' | 'expiresAt' | 'addedBy'> {
  readonly personId: PersonId;
  /** Sealed: where the evidence is, and the digest of the document. */
  readonly evidence: Uint8Array;
  readonly documentBlob: string | null;
}

export async function insertEntry(tx: Queryable, entry: NewEntry): Promise<void> {
  const { id, personId: person, list, scope, evidence, documentBlob, expiresAt, addedBy } = entry;
  await tx.query({
    text: `insert into people_entries (id, person_id, list, scope, evidence, document_blob, expires_at, added_by)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [id, person, list, JSON.stringify(scope), evidence, documentBlob, expiresAt, addedBy],
  });
}

export async function revokeEntries(tx: Queryable, ids: readonly PersonEntryId[], by: string): Promise<void> {
  await tx.query({
    text: 'update people_entries set revoked_at = clock_timestamp(), revoked_by = $2 where id = any($1) and revoked_at is null',
    values: [ids, by],
  });
}

/** Deletes a person and notes what must be shredded: key and documents. False when there is none. */
export async function deletePerson(tx: Queryable, id: PersonId): Promise<boolean> {
  await tx.query({
    text: `insert into people_shreds (blob) select key_blob from people where id = $1
      union select document_blob from people_entries where person_id = $1 and document_blob is not null`,
    values: [id],
  });
  const { rowCount } = await tx.query({ text: 'delete from people where id = $1', values: [id] });
  return rowCount > 0;
}
