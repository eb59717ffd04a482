import { isDeepStrictEqual } from 'node:util';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import { nextRegistryVersion, registryVersion } from '../../registries/registry-version.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import type { NameInRule, RequireKnown } from '../known-names.ts';
import type { Limit, LimitRule } from './limit-rule.ts';
import { deleteLimit, lockLimit, readLimits, writeLimit } from './limit-store.ts';

export interface LimitBookParts {
  readonly db: Database;
  readonly journal: Journal;
  /** Configured models: a limit that names another one is a typing error. */
  readonly models: readonly string[];
  readonly requireKnown: RequireKnown;
}

export interface LimitWish {
  readonly id: string;
  readonly rule: LimitRule;
  readonly reason: string | null;
  /** What the operator had read, 0: that there is none. Absent: whatever is there is replaced. */
  readonly version?: number;
  readonly by: StaffId;
}

/** The limits of this house. */
export interface LimitBook {
  /** As this process knows them. */
  current(): readonly Limit[];
  /** Reads them anew when somebody changed them. Gives the names of those that changed. */
  refresh(): Promise<ReadonlySet<string>>;
  /** As the database has them. */
  list(): Promise<readonly Limit[]>;
  /** @throws ImprimaturError MODEL_UNKNOWN, REQUEST_INVALID for another name that nothing has, LIMIT_CHANGED, LIMIT_CONFIGURED */
  set(wish: LimitWish): Promise<Limit>;
  /** @throws ImprimaturError NOT_FOUND, LIMIT_CHANGED, LIMIT_CONFIGURED */
  remove(wish: Omit<LimitWish, 'rule'>): Promise<void>;
  /** Makes those of the configuration what it says now; those that it has no more go. @throws ImprimaturError MODEL_UNKNOWN, REQUEST_INVALID */
  keepConfigured(rules: ReadonlyMap<string, LimitRule>): Promise<void>;
}

export function createLimitBook({ db, journal, models, requireKnown }: LimitBookParts): LimitBook {
  let limits: readonly Limit[] = [];
  let version = -1;

  async function requireNames({ when }: Pick<LimitRule, 'when'>): Promise<void> {
    if (when.model !== undefined && !models.includes(when.model))
      throw new ImprimaturError('MODEL_UNKNOWN', { hint: `Configured models: ${models.join(', ')}.`, param: 'when.model' });
    await requireKnown(
      (['surface', 'application', 'key'] as const).flatMap((kind): NameInRule[] => {
        const name = when[kind];
        return name === undefined ? [] : [{ kind, name, param: `when.${kind}` }];
      }),
    );
  }

  async function change(tx: Queryable, wish: Parameters<typeof writeLimit>[1]): Promise<Limit> {
    const limit = await writeLimit(tx, wish);
    const { id, rule, by, reason } = wish;
    const about = { limit: id, version: limit.version, rule, by };
    await journal.recordIn(tx, {}, [{ kind: 'limit.changed', ...about, ...(reason === null ? {} : { reason }) }]);
    return limit;
  }

  async function remove(tx: Queryable, { id, reason, by }: { id: string; reason: string | null; by: string }): Promise<void> {
    await deleteLimit(tx, id);
    await journal.recordIn(tx, {}, [{ kind: 'limit.removed', limit: id, by, ...(reason === null ? {} : { reason }) }]);
  }

  return {
    current: () => limits,
    async refresh() {
      const now = await registryVersion(db, 'limits');
      if (now === version) return NOTHING;
      const before = new Map(limits.map((limit) => [limit.id, limit]));
      limits = await readLimits(db);
      version = now;
      const changed = limits.filter(({ id, version: own }) => before.get(id)?.version !== own).map(({ id }) => id);
      const gone = [...before.keys()].filter((id) => limits.every((limit) => limit.id !== id));
      return new Set([...changed, ...gone]);
    },
    list: () => readLimits(db),
    async set({ id, rule, reason, version: had, by }) {
      await requireNames(rule);
      return db.transaction(async (tx) => {
        await nextRegistryVersion(tx, 'limits');
        requireMine(await lockLimit(tx, id), had);
        return change(tx, { id, rule, reason, source: 'operator', by: `operator:${by}` });
      });
    },
    remove({ id, reason, version: had, by }) {
      return db.transaction(async (tx) => {
        await nextRegistryVersion(tx, 'limits');
        const found = await lockLimit(tx, id);
        if (found === null) throw new ImprimaturError('NOT_FOUND');
        requireMine(found, had);
        await remove(tx, { id, reason, by: `operator:${by}` });
      });
    },
    async keepConfigured(rules) {
      // A configuration may come to a new database, where a key that it names is not yet.
      for (const { when } of rules.values()) await requireNames({ when: withoutKey(when) });
      await db.transaction(async (tx) => {
        await nextRegistryVersion(tx, 'limits');
        const stored = await readLimits(tx);
        for (const [id, rule] of rules) {
          if (!stored.some((found) => isWritten(found, id, rule)))
            await change(tx, { id, rule, reason: null, source: 'config', by: 'config' });
        }
        const gone = stored.filter(({ id, source }) => source === 'config' && !rules.has(id));
        for (const { id } of gone) await remove(tx, { id, reason: null, by: 'config' });
      });
    },
  };
}

function isWritten(found: Limit, id: string, rule: LimitRule): boolean {
  return found.id === id && found.source === 'config' && isDeepStrictEqual(found.rule, rule);
}

function withoutKey({ key: _key, ...when }: LimitRule['when']): LimitRule['when'] {
  return when;
}

const NOTHING: ReadonlySet<string> = new Set();

function requireMine(found: Limit | null, had: number | undefined): void {
  if (found?.source === 'config') throw new ImprimaturError('LIMIT_CONFIGURED');
  const version = found?.version ?? 0;
  if (had !== undefined && had !== version)
    throw new ImprimaturError('LIMIT_CHANGED', { hint: `It has version ${version}, and you had read ${had}.` });
}
