import { ImprimaturError } from '../../contracts/errors.ts';
import { combineRegistries } from './combined-registry.ts';
import { type HashRegistry, HashRegistryDraft } from './hash-registry.ts';
import { type Imported, type ImportWish, importList, type ListGround } from './import-list.ts';
import type { ListFormat } from './list-format.ts';
import { ListDigest, whyListDistrusted } from './list-seal.ts';
import { dropList, type StoredList, storedLists, storedPages } from './stored-list.ts';
import { formOf, writeRows } from './write-rows.ts';

/** The lists that operators manage while the gateway runs, beside those of its configuration. */
export interface ManagedLists {
  /** All lists together, as they are now. */
  readonly registry: HashRegistry;
  list(): Promise<readonly StoredList[]>;
  /** In force here when it resolves, in other processes of the same database at their next look. @throws ImprimaturError REQUEST_INVALID */
  import(wish: ImportWish): Promise<Imported>;
  /** @throws ImprimaturError NOT_FOUND */
  remove(name: string, by: string): Promise<void>;
  /** The rows in one of the forms, piece by piece. @throws ImprimaturError NOT_FOUND, or REQUEST_INVALID when the form cannot hold them */
  export(name: string, format: ListFormat): Promise<AsyncIterable<string>>;
  /** Takes what changed in the database. @throws ListUnusable: the lists of before stay in force */
  refresh(): Promise<void>;
}

/** A stored list that is not what was imported, or that nobody trusted signed. */
export class ListUnusable extends Error {
  override readonly name = 'ListUnusable';
}

interface Loaded {
  readonly batch: string;
  readonly registry: HashRegistry;
}

/** @param configured the lists of the configuration, which have names of their own */
export function createManagedLists(configured: HashRegistry, ground: ListGround): ManagedLists {
  const { db, journal, trust } = ground;
  let loaded: ReadonlyMap<string, Loaded> = new Map();
  let running: Promise<void> = Promise.resolve();

  const load = async (list: StoredList): Promise<readonly [string, Loaded]> => {
    const known = loaded.get(list.name);
    return [list.name, known?.batch === list.batch ? known : { batch: list.batch, registry: await loadList(list, ground) }];
  };
  const refreshNow = async () => {
    const next = new Map<string, Loaded>();
    for (const list of await storedLists(db)) next.set(...(await load(list)));
    loaded = next;
  };
  // One after another: two at once would load a list twice, and the older answer could come last.
  const refresh = () => {
    running = running.catch(() => undefined).then(refreshNow);
    return running;
  };
  const find = async (name: string) => {
    const list = (await storedLists(db)).find((one) => one.name === name);
    if (list === undefined) throw new ImprimaturError('NOT_FOUND', { hint: 'There is no such list among those that were imported.' });
    return list;
  };
  return {
    registry: combineRegistries(() => [configured, ...[...loaded.values()].map(({ registry }) => registry)]),
    list: () => storedLists(db),
    refresh,
    async import(wish) {
      if (configured.counts.some(({ list }) => list === wish.name))
        throw new ImprimaturError('REQUEST_INVALID', { hint: 'The configuration has a list of this name.', param: 'name' });
      const imported = await importList(wish, { db, journal, trust });
      await refresh();
      return imported;
    },
    async remove(name, by) {
      await db.transaction(async (tx) => {
        const digest = await dropList(tx, name);
        if (digest === null) throw new ImprimaturError('NOT_FOUND', { hint: 'There is no such list among those that were imported.' });
        await journal.recordIn(tx, {}, [{ kind: 'hash_list.removed', list: name, digest, by }]);
      });
      await refresh();
    },
    async export(name, format) {
      const { batch, counts } = await find(name);
      const { only } = formOf(format);
      if (only !== undefined && Object.entries(counts).some(([algorithm, count]) => algorithm !== only && count > 0))
        throw new ImprimaturError('REQUEST_INVALID', { hint: `This form holds ${only.toUpperCase()} alone.`, param: 'format' });
      return writeRows(storedPages(db, batch), format);
    },
  };
}

/** @throws ListUnusable */
async function loadList({ name, batch, digest, signature, counts }: StoredList, { db, trust }: ListGround): Promise<HashRegistry> {
  const reason = whyListDistrusted({ name, digest, signature }, trust);
  if (reason !== undefined) throw new ListUnusable(`hash list "${name}": ${reason}`);
  const [draft, seen] = [new HashRegistryDraft(), new ListDigest()];
  draft.begin(name);
  for await (const entries of storedPages(db, batch)) {
    seen.add(entries);
    for (const entry of entries) draft.add(name, entry);
  }
  const total = counts.pdq + counts.sha256 + counts.md5;
  if (seen.finish() !== digest)
    throw new ListUnusable(`hash list "${name}": its ${total} stored rows are not those that were imported; import it again`);
  return draft.finish();
}
