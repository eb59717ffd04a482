import { createHash, randomBytes } from 'node:crypto';
import type { KeyId } from '../contracts/ids.ts';

export type Role = 'caller' | 'operator';

/** A key as the gateway knows it. The token itself is never stored. */
export interface ApiKey {
  readonly id: KeyId;
  readonly role: Role;
  readonly application: string;
  readonly surface: string;
  readonly lastFour: string;
  readonly development: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A new token: 192 random bits, with a prefix that secret scanners can find. Shown once, never stored. */
export function newToken(role: Role): string {
  return `imp_${role === 'operator' ? 'op' : 'sk'}_${randomBytes(24).toString('base64url')}`;
}

/**
 * SHA-256 of the token. A slow hash would add nothing: a token has 192 random bits, so there is no dictionary to slow
 * down. Looking the hash up in an index also keeps the comparison free of timing that an attacker could use.
 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
