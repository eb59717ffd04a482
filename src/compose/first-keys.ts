import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { newToken, type Role } from '../access/api-key.ts';
import { insertKey, listKeys } from '../access/key-store.ts';
import type { Config } from '../config/load-config.ts';
import { createDurableFile } from '../evidence/durable-file.ts';
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
  const { bootstrapKey, bootstrapOperatorKey, keys, surfaces } = config.values;
  if (bootstrapKey !== undefined) await ensure({ role: 'caller', surface: 'api', token: bootstrapKey.reveal() });
  if (bootstrapOperatorKey !== undefined) await ensure({ role: 'operator', surface: 'operator', token: bootstrapOperatorKey.reveal() });
  if (bootstrapKey !== undefined || bootstrapOperatorKey !== undefined || keys.length > 0) return {};

  const path = join(config.dataDir, FILE);
  const saved = await readTokens(path);
  if (saved === null && (await listKeys(db)).length > 0) return {};
  // The file comes first: a start that dies between the two would leave keys whose tokens nobody has.
  const tokens = saved ?? (await makeTokens(path, surfaces));
  for (const [surface, token] of Object.entries(tokens)) await ensure({ role: roleOf(surface), surface, token, development: true });
  return tokens;

  async function ensure(key: { role: Role; surface: string; token: string; development?: boolean }): Promise<void> {
    await db.transaction(async (tx) => {
      const { key: stored, created } = await insertKey(tx, { ...key, application: 'default', madeBy: 'start' });
      const { id, role, roles, surface } = stored;
      if (created) await journal.recordIn(tx, {}, [{ kind: 'key.created', key: id, role, roles: [...roles], surface, by: 'start' }]);
    });
  }
}

const roleOf = (surface: string): Role => (surface === 'operator' ? 'operator' : 'caller');

async function readTokens(path: string): Promise<FirstKeys | null> {
  return readFile(path, 'utf8').then(
    (text) => fileSchema.parse(JSON.parse(text)),
    () => null,
  );
}

async function makeTokens(path: string, surfaces: readonly string[]): Promise<FirstKeys> {
  const tokens = Object.fromEntries([...surfaces, 'operator'].map((surface) => [surface, newToken(roleOf(surface))]));
  // One that could not be read.
  await rm(path, { force: true });
  await createDurableFile({ path, bytes: Buffer.from(`${JSON.stringify(tokens, null, 2)}\n`), mode: 0o600 });
  return tokens;
}
