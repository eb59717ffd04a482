import { createHash, randomBytes } from 'node:crypto';
import type { KeyId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';

/** `caller`: makes pictures on a surface. `operator`: belongs to staff, and may what its `roles` may. */
export type Role = 'caller' | 'operator';

/** What a caller's key may be bound to. */
export const CALLER_SCOPES = ['images.generate', 'images.edit', 'images.read', 'moderations', 'provenance', 'uploads'] as const;
export type CallerScope = (typeof CALLER_SCOPES)[number];

/** A key as the gateway knows it. The token itself is never stored. */
export interface ApiKey {
  readonly id: KeyId;
  /** The first key of the line of rotations: who acts stays the same when the token changes. */
  readonly lineage: KeyId;
  readonly name: string;
  readonly role: Role;
  /** Of a staff key; empty for a caller's. */
  readonly roles: readonly StaffRole[];
  /** Of a caller's key; null: all. */
  readonly scopes: readonly CallerScope[] | null;
  readonly application: string;
  readonly surface: string;
  readonly lastFour: string;
  readonly development: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** To within a quarter of a minute. */
  readonly lastUsedAt: Date | null;
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
