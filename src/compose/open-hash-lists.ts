import { readFile } from 'node:fs/promises';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Journal } from '../ledger/journal.ts';
import { packKey } from '../prompts/gazetteers/trusted-pack.ts';
import { combineRegistries } from '../registries/hash-lists/combined-registry.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { loadHashLists } from '../registries/hash-lists/load-hash-list.ts';
import { createManagedLists, type ManagedLists } from '../registries/hash-lists/managed-lists.ts';
import type { StayDown } from '../review/notices/stay-down.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

/** Another process of the same database may have changed a list. */
const LOOK_EVERY_MS = 5_000;

/** The lists that the configuration names. @throws ImprimaturError CONFIG_INVALID */
export function configuredLists({ hashLists }: Pick<Config['values'], 'hashLists'>): Promise<HashRegistry> {
  const sources = hashLists.map(({ name, path, onBadRow }) => ({ name, path, onBadRow: onBadRow === 'skip' ? 'skip' : 'reject' }) as const);
  return loadHashLists(sources).catch(notSetUp('a hash list cannot be read'));
}

interface ListParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
  /** What people decided must not come back; looked at together with the lists. */
  readonly stayDown?: StayDown;
}

/**
 * All lists, those of the configuration and those that operators imported, kept up to date from now on.
 * @throws ImprimaturError CONFIG_INVALID when a list cannot be read or is not trusted: a gateway must not start without one that it had
 */
export async function openHashLists({ values }: Config, { db, journal, telemetry, closers, stayDown }: ListParts): Promise<ManagedLists> {
  const { publicKeys, allowUnsigned } = values.hashListTrust;
  const keys = await Promise.all(publicKeys.map(async (path) => packKey(await readFile(path, 'utf8')))).catch(
    notSetUp('a key of hash lists cannot be read'),
  );
  const configured = await configuredLists(values);
  const fixed = stayDown === undefined ? configured : combineRegistries(() => [configured, stayDown.registry]);
  const lists = createManagedLists(fixed, {
    db,
    journal,
    trust: { publicKeys: keys, allowUnsigned },
  });
  const refresh = async () => {
    await lists.refresh();
    await stayDown?.refresh();
  };
  await refresh().catch(notSetUp('a hash list cannot be loaded'));
  // The lists of before stay in force when a look fails; the next one comes soon.
  const look = () => refresh().catch((error: unknown) => telemetry.stageFailed(error, 'hash-lists'));
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  closers.add(async () => clearInterval(timer));
  return lists;
}

function notSetUp(what: string) {
  return (cause: unknown): never => {
    throw new ImprimaturError('CONFIG_INVALID', { detail: cause instanceof Error ? cause.message : what, cause });
  };
}
