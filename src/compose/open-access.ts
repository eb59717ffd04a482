import type { Access } from '../access/access.ts';
import { createClaimReader } from '../access/claims/claim-reader.ts';
import type { Door } from '../access/door/door.ts';
import { createKeyLookup } from '../access/key-lookup.ts';
import { createLastUses, KEY_USES, SESSION_USES } from '../access/last-uses.ts';
import { isLoopback } from '../access/loopback.ts';
import { createSessionLookup } from '../access/session-store.ts';
import { createIdentityProvider } from '../access/sign-in/identity-provider.ts';
import { createLockOut, SIGN_IN_LOCK } from '../access/sign-in/lock-out.ts';
import { groundsOf } from '../access/sign-in/role-mapping.ts';
import type { Config } from '../config/load-config.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';
import { openUsage } from './open-usage.ts';

interface AccessGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly outbound: Outbound;
  readonly evidence: EvidenceStore;
  /** Absent: one of its own. */
  readonly door?: Door;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** What is remembered of uses is written so often. */
const WRITE_EVERY_MS = 10_000;

/** Keys, sessions and the identity provider, and how the use of keys is counted. */
export function openAccess(config: Config, { db, journal, outbound, evidence, door, telemetry, closers }: AccessGround) {
  const { values } = config;
  const onError = (error: unknown) => telemetry.stageFailed(error, 'access');
  const claims = createClaimReader({ db, evidence, ...(door === undefined ? {} : { door }) });
  const keyUses = createLastUses(db, { statement: KEY_USES });
  const sessionUses = createLastUses(db, { statement: SESSION_USES });
  const write = () => Promise.all([keyUses.flush(), sessionUses.flush(), claims.tidy()]).catch(onError);
  const timer = setInterval(write, WRITE_EVERY_MS).unref();
  closers.add(async () => {
    clearInterval(timer);
    await write();
  });

  const { oidc, sessions, developmentSignIn, host } = values;
  const grounds = groundsOf(oidc === undefined ? 'none' : [oidc.issuer, oidc.clientId, oidc.roles]);
  const lookup = createSessionLookup(db, { grounds, idleMs: sessions.idleMinutes * 60_000, used: sessionUses.note });
  const access: Access = {
    findSession: lookup.find,
    provider: oidc === undefined ? null : { name: oidc.name, is: createIdentityProvider(providerSettings(oidc), { outbound, onError }) },
    isDevelopmentSignIn: developmentSignIn ?? (oidc === undefined && isLoopback(host)),
    sessions: { db, journal, grounds, sessionMs: sessions.hours * 3_600_000, changed: lookup.forget },
    lockOut: createLockOut(db, SIGN_IN_LOCK),
    claims,
  };
  return { access, findKey: createKeyLookup(db, { used: keyUses.note }), usage: openUsage(config) };
}

function providerSettings({ clientSecret, ...rest }: NonNullable<Config['values']['oidc']>) {
  return { ...rest, ...(clientSecret === undefined ? {} : { clientSecret: clientSecret.reveal() }) };
}
