import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId, type PersonEntryId, type PersonId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { EntryBody, Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { nextRegistryVersion, registryVersion } from '../registry-version.ts';
import { enroll, type NewListing } from './enroll.ts';
import { type OpenedFaces, openIndex, type PeopleIndex } from './people-index.ts';
import type { ListedPerson } from './person.ts';
import { openVault } from './person-vault.ts';
import { shredWhatMustGo } from './shred.ts';
import { deletePerson, revokeEntries, storedPeople, touchPerson } from './stored-people.ts';

/** Who is listed, for checks. */
export interface PeopleLists {
  /** Of the last look at the register. */
  readonly version: number;
  /**
   * Everybody as of now, whichever process changed the register: it is asked at every call, so that a consent that was taken back
   * counts for no picture after that. @throws when the register cannot be read or opened: then nobody knows who is listed
   */
  current(): Promise<PeopleIndex>;
}

/** The register of people that operators keep. Each change and each look at it is in the ledger, without a name. */
export interface PeopleRegistry extends PeopleLists {
  /** Without names and faces. */
  list(): Promise<readonly ListedPerson[]>;
  /** @throws ImprimaturError REQUEST_INVALID, NOT_FOUND */
  add(wish: NewListing): Promise<ListedPerson>;
  /** Takes back all consents of a person, or one entry of whatever list. In force everywhere when it resolves. @throws ImprimaturError NOT_FOUND */
  revoke(id: PersonId | PersonEntryId, by: string): Promise<ListedPerson>;
  /** Deletes a person and destroys their key. `isKeyDestroyed` false: the key is still there, and is tried again later. @throws ImprimaturError NOT_FOUND */
  remove(id: PersonId, by: string): Promise<{ readonly isKeyDestroyed: boolean }>;
  /** Null where none was given. @throws ImprimaturError NOT_FOUND */
  nameOf(id: PersonId, by: string): Promise<string | null>;
  /** Notes that somebody asked who is in a picture, or for the whole list. */
  noteLook(look: EntryBody): Promise<void>;
  /** Destroys what a process left that died in the middle of a removal. */
  tidy(): Promise<boolean>;
}

export interface PeopleGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: EvidenceStore;
}

const NOBODY: PeopleIndex = { version: 0, people: [] };

/** For commands that run without a gateway. */
export const NOBODY_LISTED: PeopleLists = { version: 0, current: () => Promise.resolve(NOBODY) };

export function createPeopleRegistry({ db, journal, evidence }: PeopleGround): PeopleRegistry {
  let state: { readonly index: PeopleIndex; readonly opened: ReadonlyMap<string, OpenedFaces> } | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const indexIn = async (tx: Queryable) => (await openIndex(await storedPeople(tx), state?.opened ?? new Map(), evidence)).index;
  const load = async () => {
    state = await openIndex(await storedPeople(db), state?.opened ?? new Map(), evidence);
  };
  const current = async () => {
    const version = await registryVersion(db, 'people');
    if (state?.index.version === version) return state.index;
    // One after another: two at once would open everybody twice, and the older answer could come last.
    const next = running.catch(() => undefined).then(() => (state !== undefined && state.index.version >= version ? undefined : load()));
    running = next;
    await next;
    return state?.index ?? NOBODY;
  };
  const find = async (id: PersonId) => existing((await storedPeople(db)).people.find((one) => one.id === id));
  const change = (work: (tx: Queryable, version: number) => Promise<EntryBody & { readonly person: PersonId }>) =>
    db.transaction(async (tx) => {
      const entry = await work(tx, await nextRegistryVersion(tx, 'people'));
      await journal.recordIn(tx, {}, [entry]);
      return entry.person;
    });
  return {
    get version() {
      return state?.index.version ?? 0;
    },
    current,
    list: async () => (await storedPeople(db)).people,
    async add(wish) {
      return find(await enroll(wish, { db, journal, evidence, indexIn }));
    },
    async revoke(id, by) {
      const person = await change(async (tx, version) => {
        const { person, entries } = revocable((await storedPeople(tx)).people, id);
        if (entries.length === 0) throw nothing('There is nothing left to take back.');
        await revokeEntries(tx, entries, by);
        await touchPerson(tx, person, version);
        return { kind: 'person.revoked', person, entries, by };
      });
      return find(person);
    },
    async remove(id, by) {
      await change(async (tx) => {
        if (!(await deletePerson(tx, id))) throw nothing();
        return { kind: 'person.removed', person: id, by };
      });
      return { isKeyDestroyed: await shredWhatMustGo({ db, evidence }) };
    },
    async nameOf(id, by) {
      const { keyBlob, about } = await find(id);
      await journal.record({}, [{ kind: 'person.name_read', person: id, by }]);
      const bytes = await (await openVault(id, keyBlob, evidence)).open('about', about);
      return z.object({ name: z.string().nullable() }).parse(JSON.parse(Buffer.from(bytes).toString())).name;
    },
    noteLook: (look) => journal.record({}, [look]),
    tidy: () => shredWhatMustGo({ db, evidence }),
  };
}

/** All consents of a person, or the one entry. */
function revocable(people: readonly ListedPerson[], id: PersonId | PersonEntryId) {
  const person = existing(people.find((one) => one.id === id || one.entries.some((entry) => entry.id === id)));
  const meant = person.entries.filter((entry) => (isId('person', id) ? entry.list === 'consent' : entry.id === id));
  return { person: person.id, entries: meant.filter(({ revokedAt }) => revokedAt === null).map((entry) => entry.id) };
}

function existing<T>(found: T | undefined): T {
  if (found === undefined) throw nothing();
  return found;
}

function nothing(hint = 'There is nobody of this id on a list.'): ImprimaturError {
  return new ImprimaturError('NOT_FOUND', { hint });
}
