import { CALLER_SCOPES, type CallerScope } from '../access/api-key.ts';
import { listApplications } from '../access/claims/application-store.ts';
import { type ConfiguredKey, keepConfiguredKeys } from '../access/configured-keys.ts';
import { listSurfaces } from '../access/surfaces/surface-store.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';

const MIN_TOKEN_CHARS = 24;

/** The keys of the configuration, as it has them now; those that it has no more are revoked. @throws ImprimaturError CONFIG_INVALID */
export async function ensureConfiguredKeys({ values }: Config, { db, journal }: { db: Database; journal: Journal }): Promise<void> {
  const surfaces = (await listSurfaces(db, values.surfaces)).map(({ id }) => id);
  const applications = values.applications.map(({ id }) => id);
  if (applications.length > 0) applications.push(...(await listApplications(db)).map(({ id }) => id));
  const keys = values.keys.map((key): ConfiguredKey => {
    const { name, token, roles, surface, application, scopes, expiresAt = null } = key;
    if (token.reveal().length < MIN_TOKEN_CHARS) throw invalid(name, `the token must have at least ${MIN_TOKEN_CHARS} characters`);
    const common = { name, token: token.reveal(), application, expiresAt };
    if (roles !== undefined) {
      if (surface !== undefined || scopes !== undefined) throw invalid(name, 'a staff key has roles, and no surface and no scopes');
      return { ...common, role: 'operator', roles, surface: 'operator', scopes: null };
    }
    if (surface === undefined) throw invalid(name, 'say its surface, or the roles of a staff key');
    requireKnown('surface', surface, { among: surfaces, key: name });
    if (applications.length > 0) requireKnown('application', application, { among: applications, key: name });
    return { ...common, role: 'caller', roles: [], surface, scopes: scopes === undefined ? null : scopesOf(scopes, name) };
  });
  await keepConfiguredKeys(keys, { db, journal });
}

function requireKnown(kind: string, name: string, { among, key }: { readonly among: readonly string[]; readonly key: string }): void {
  if (!among.includes(name)) throw invalid(key, `there is no ${kind} "${name}"`);
}

function scopesOf(names: readonly string[], key: string): readonly CallerScope[] {
  const unknown = names.filter((name) => CALLER_SCOPES.every((scope) => scope !== name));
  if (unknown.length > 0) throw invalid(key, `there is no scope "${unknown.join('", "')}"; there are ${CALLER_SCOPES.join(', ')}`);
  return CALLER_SCOPES.filter((scope) => names.includes(scope));
}

function invalid(name: string, problem: string): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `keys, "${name}": ${problem}.` });
}
