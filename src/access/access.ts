import type { ClaimReader } from './claims/claim-reader.ts';
import type { SessionLookup } from './session-store.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';
import type { LockOut } from './sign-in/lock-out.ts';
import type { SessionGround } from './sign-in/sign-in.ts';

/** Who gets in, and for whom they ask. */
export interface Access {
  readonly findSession: SessionLookup['find'];
  /** Null: none is configured. */
  readonly provider: { readonly name: string; readonly is: IdentityProvider } | null;
  /** A staff key opens the console. Only on this machine, or where the operator insists. */
  readonly isDevelopmentSignIn: boolean;
  readonly sessions: SessionGround;
  readonly lockOut: LockOut;
  /** What platforms say of end users. */
  readonly claims: ClaimReader;
}
