import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { startTurns } from '../jobs/start-turns.ts';
import type { Journal } from '../ledger/journal.ts';
import { policyPath } from '../packs.ts';
import { activeOf, adoptConfigured } from '../policy/history/activations.ts';
import { tellLapsed } from '../policy/history/exception-store.ts';
import type { PolicyInForce } from '../policy/history/in-force.ts';
import type { Policies } from '../policy/history/policies.ts';
import { keepVersion } from '../policy/history/policy-versions.ts';
import { registryVersion } from '../registries/registry-version.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';
import type { openClocks } from './open-clocks.ts';

interface PoliciesGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly checks: { readonly inForce: PolicyInForce; readonly configuredText: string };
  readonly clocks: Pick<ReturnType<typeof openClocks>, 'knowPolicy'>;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** With PostgreSQL another process may have put a policy into force; it is so here within a second. */
const LOOK_EVERY_MS = 250;
const LOOK_SELDOM_MS = 1_000;

/**
 * What is in force: what boards activated, else the configuration's policy. From now on looked for again and again.
 * @throws ImprimaturError POLICY_INVALID when boards put a policy into force that cannot be applied here
 */
export async function openPolicies(
  { values }: Config,
  { db, journal, checks, clocks, telemetry, closers }: PoliciesGround,
): Promise<Policies> {
  const { inForce, configuredText: text } = checks;
  const isByBoards = values.policyBy === 'boards';
  const { ref } = inForce.configured.policy;
  const setAside = await db.transaction(async (tx) => {
    await keepVersion(tx, { ref, text, origin: 'configuration', by: 'configuration', note: null, tests: null });
    return adoptConfigured(tx, { digest: ref.digest, isAlone: !isByBoards }, journal);
  });
  if (setAside !== null) telemetry.log.warn({ event: 'policy.set_aside', digest: setAside, by: 'configuration' });
  inForce.whenChanged(({ ref: { digest }, document }) => {
    telemetry.log.info({ event: 'policy.in_force', digest });
    clocks.knowPolicy(document.deadlines);
  });
  let version = await registryVersion(db, 'policy');
  await inForce.load(db);
  inForce.now();
  const active = await activeOf(db);
  if (active !== null && active.digest !== ref.digest)
    telemetry.log.warn({ event: 'policy.configuration_waits', configured: ref.digest, in_force: active.digest });

  const refresh = async () => {
    const now = await registryVersion(db, 'policy');
    if (now === version) return;
    await inForce.load(db);
    version = now;
  };
  const onError = (error: unknown) => telemetry.stageFailed(error, 'policy');
  closers.add(startTurns(refresh, { everyMs: values.databaseUrl === undefined ? LOOK_SELDOM_MS : LOOK_EVERY_MS, onError }));
  closers.add(startTurns(() => tellLapsed(db, journal), { everyMs: 60_000, onError }));
  return { inForce, isByBoards, refresh, configuredCases: () => casesBeside(policyPath(values.policy)) };
}

async function casesBeside(path: string) {
  const folder = join(dirname(path), 'cases');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(files.map(async (name) => ({ path: name, text: await readFile(join(folder, name), 'utf8') })));
}
