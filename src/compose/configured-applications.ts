import { isDeepStrictEqual } from 'node:util';
import {
  type ClaimKey,
  claimKeysOf,
  claimRules,
  findApplication,
  insertClaimKey,
  listApplications,
  putApplication,
  removeClaimKey,
  revokeClaimKey,
} from '../access/claims/application-store.ts';
import { secretName } from '../access/claims/claim-reader.ts';
import { prepareClaimKey } from '../access/claims/new-claim-key.ts';
import { unknownSurfaces } from '../access/surfaces/surface-store.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';

type Wish = Config['values']['applications'][number];
type KeyWish = Wish['keys'][number];

interface Ground {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: EvidenceStore;
}

/** The applications of the configuration, as it has them now; keys that it made and has no more are revoked, also of applications that it has no more; what somebody stopped stays stopped. @throws ImprimaturError CONFIG_INVALID */
export async function ensureConfiguredApplications({ values }: Pick<Config, 'values'>, ground: Ground): Promise<void> {
  for (const wish of values.applications) {
    const unknown = await unknownSurfaces(ground.db, values.surfaces, wish.surfaces ?? []);
    if (unknown.length > 0) throw invalid(wish.id, `there is no surface "${unknown.join('", "')}"`);
    const rules = claimRules.safeParse(wish.claims);
    if (!rules.success) throw invalid(wish.id, `claims.${rules.error.issues[0]?.path.join('.')}: ${rules.error.issues[0]?.message}`);
    await ground.db.transaction(async (tx) => {
      const entries: EntryBody[] = [];
      const before = await findApplication(tx, wish.id);
      const application = { id: wish.id, name: wish.name, surfaces: wish.surfaces ?? null, claims: rules.data };
      // Whoever stopped it meant it to stay stopped, over any number of starts.
      const stopped = before !== null && before.stoppedAt !== null;
      const after = await putApplication(tx, { ...application, stopped, by: 'config' });
      if (!isDeepStrictEqual(before, after)) entries.push({ kind: 'application.changed', application: wish.id, stopped, by: 'config' });
      entries.push(...(await keepKeys(wish, tx, ground)));
      await record(tx, entries, ground);
    });
  }
  const named = new Set(values.applications.map(({ id }) => id));
  const left = (await listApplications(ground.db)).filter(({ id }) => !named.has(id));
  for (const { id } of left) await ground.db.transaction(async (tx) => record(tx, await keepKeys({ id, keys: [] }, tx, ground), ground));
}

async function record(tx: Queryable, [first, ...rest]: readonly EntryBody[], { journal }: Ground): Promise<void> {
  if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
}

async function keepKeys({ id, keys }: Pick<Wish, 'id' | 'keys'>, tx: Queryable, ground: Ground): Promise<EntryBody[]> {
  const entries: EntryBody[] = [];
  const made = (await claimKeysOf(tx, id)).filter(({ madeBy }) => madeBy === 'config');
  for (const key of keys) {
    const old = made.find(({ kid }) => kid === key.kid);
    if (old !== undefined && (await isSame(old, key, ground.evidence))) continue;
    if (old !== undefined) await removeClaimKey(tx, old);
    const { kid, algorithm } = key;
    const { row } = await prepare(id, key, ground.evidence);
    if (!(await insertClaimKey(tx, row))) throw invalid(id, `the key "${kid}" was made by somebody else`);
    entries.push({ kind: 'claim_key.created', application: id, kid, algorithm, by: 'config' });
  }
  for (const { kid, revokedAt } of made) {
    if (revokedAt !== null || keys.some((key) => key.kid === kid)) continue;
    await revokeClaimKey(tx, { application: id, kid });
    entries.push({ kind: 'claim_key.revoked', application: id, kid, by: 'config' });
  }
  return entries;
}

async function prepare(application: string, { kid, algorithm, secret, publicJwk, expiresAt }: KeyWish, evidence: EvidenceStore) {
  if (secret === undefined && publicJwk === undefined) throw invalid(application, `the key "${kid}" needs a secret or a publicJwk`);
  const material = { ...(secret === undefined ? {} : { secret: secret.reveal() }), ...(publicJwk === undefined ? {} : { publicJwk }) };
  try {
    return await prepareClaimKey({ application, kid, algorithm, expiresAt: expiresAt ?? null, by: 'config', ...material }, evidence);
  } catch (cause) {
    throw invalid(application, `the key "${kid}": ${cause instanceof ImprimaturError ? cause.message : 'not valid'}`, cause);
  }
}

/** A key that somebody revoked is not the same: it stays revoked until the configuration names another. */
async function isSame(old: ClaimKey, { algorithm, secret, publicJwk, expiresAt }: KeyWish, evidence: EvidenceStore): Promise<boolean> {
  if (old.algorithm !== algorithm || old.expiresAt?.getTime() !== expiresAt?.getTime()) return false;
  if (old.sealedSecret === null) return isDeepStrictEqual(old.publicJwk, publicJwk);
  const bytes = await evidence.openValue({ ...secretName(old), sealed: old.sealedSecret });
  return secret !== undefined && Buffer.from(secret.reveal(), 'base64url').equals(Buffer.from(bytes));
}

function invalid(id: string, problem: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `applications, "${id}": ${problem}.`, cause });
}
