import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { insertKey, listKeys } from '../access/key-store.ts';
import type { Config } from '../config/load-config.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';

/** Token by surface; `operator` for the operator's. */
export type FirstKeys = Readonly<Record<string, string>>;

const FILE = 'development-keys.json';
const fileSchema = z.record(z.string(), z.string());

/**
 * The keys that a new gateway starts with: those of the configuration, or else a development key for each surface and one
 * for an operator. Development tokens stay in a 0600 file, so that every start can show them again; delete the file and
 * revoke the keys before anybody else can reach the gateway.
 */
export async function ensureFirstKeys(config: Config, { db, journal }: { db: Database; journal: Journal }): Promise<FirstKeys> {
  const { bootstrapKey, bootstrapOperatorKey, surfaces } = config.values;
  if (bootstrapKey !== undefined) await ensure({ role: 'caller', surface: 'api', token: bootstrapKey.reveal() });
  if (bootstrapOperatorKey !== undefined) await ensure({ role: 'operator', surface: 'operator', token: bootstrapOperatorKey.reveal() });
  if (bootstrapKey !== undefined || bootstrapOperatorKey !== undefined) return {};

  const path = join(config.dataDir, FILE);
  const saved = await readFile(path, 'utf8').then(
    (text) => fileSchema.parse(JSON.parse(text)),
    () => null,
  );
  if (saved !== null) return saved;
  if ((await listKeys(db)).length > 0) return {};
  const made: Record<string, string> = {};
  for (const surface of surfaces) made[surface] = await ensure({ role: 'caller', surface, development: true });
  made['operator'] = await ensure({ role: 'operator', surface: 'operator', development: true });
  await writeFile(`${path}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return made;

  async function ensure(key: { role: 'caller' | 'operator'; surface: string; token?: string; development?: boolean }): Promise<string> {
    return db.transaction(async (tx) => {
      const { key: stored, token, created } = await insertKey(tx, { ...key, application: 'default' });
      if (created)
        await journal.recordIn(tx, {}, [{ kind: 'key.created', key: stored.id, role: key.role, surface: key.surface, by: 'start' }]);
      return token;
    });
  }
}
