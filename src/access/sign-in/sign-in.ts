import type { KeyId, SessionId, UserId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { endSessions, type SessionChoice, startSession } from '../session-store.ts';
import { recordSignIn, type SignedInPerson } from '../user-store.ts';

export interface SessionGround {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  /** Digest of the settings that give roles. */
  readonly grounds: string;
  /** How long a session lasts at most. */
  readonly sessionMs: number;
  /** Told when sessions, or what people may, have changed. */
  readonly changed: () => void;
  readonly now?: () => number;
}

export interface SignIn {
  readonly person: SignedInPerson;
  readonly how: 'oidc' | 'development';
  readonly signedInAt: Date | null;
  readonly key?: KeyId;
  readonly providerSession?: string;
  /** The session of the same browser, which the new one takes the place of. */
  readonly before?: SessionId;
}

export type SignedIn = { readonly kind: 'signed_in'; readonly user: UserId; readonly token: string; readonly endsAt: Date };

/**
 * A new session for a person who proved who they are; the browser's session of before ends. Somebody without a role, or blocked, gets none,
 * and what the provider says of them now counts in their other sessions, too.
 */
export async function signIn(wish: SignIn, ground: SessionGround): Promise<SignedIn | { readonly kind: 'no_role' }> {
  const { db, journal, grounds, sessionMs, changed, now = Date.now } = ground;
  const endsAt = new Date(now() + sessionMs);
  const outcome = await db.transaction(async (tx): Promise<SignedIn | { readonly kind: 'no_role' }> => {
    const user = await recordSignIn(tx, wish.person);
    const roles = wish.how === 'development' ? wish.person.roles : user.roles;
    if (wish.before !== undefined) await endSessions(tx, { id: wish.before });
    if (user.blockedAt !== null || roles.length === 0) {
      await journal.recordIn(tx, {}, [
        { kind: 'sign_in.refused', user: user.id, because: user.blockedAt === null ? 'no_role' : 'blocked' },
      ]);
      return { kind: 'no_role' };
    }
    const { id, token } = await startSession(tx, {
      user: user.id,
      grounds,
      signedInAt: wish.signedInAt,
      endsAt,
      ...(wish.key === undefined ? {} : { key: wish.key }),
      ...(wish.providerSession === undefined ? {} : { providerSession: wish.providerSession }),
    });
    await journal.recordIn(tx, {}, [{ kind: 'session.started', session: id, user: user.id, roles: [...roles], how: wish.how }]);
    return { kind: 'signed_in', user: user.id, token, endsAt };
  });
  changed();
  return outcome;
}

/** Ends sessions, with an entry for each. Returns how many. */
export async function signOut(choice: SessionChoice, by: string, { db, journal, changed }: SessionGround): Promise<number> {
  const ended = await db.transaction(async (tx) => {
    const [first, ...rest] = (await endSessions(tx, choice)).map(({ id, user }) => ({ kind: 'session.ended', session: id, user, by }));
    if (first === undefined) return 0;
    await journal.recordIn(tx, {}, [first, ...rest]);
    return rest.length + 1;
  });
  changed();
  return ended;
}
