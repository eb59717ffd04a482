import { z } from 'zod';
import type { KeyId } from '../contracts/ids.ts';
import { STAFF_ROLES, type StaffRole } from '../contracts/staff-role.ts';
import { type ApiKey, CALLER_SCOPES, type CallerScope } from './api-key.ts';

const keyId = z.string().transform((id): KeyId => `key_${id.slice(4)}`);

const keyRow = z.object({
  id: keyId,
  lineage: keyId,
  name: z.string(),
  role: z.enum(['caller', 'operator']),
  roles: z.array(z.string()),
  scopes: z.array(z.string()).nullable(),
  application: z.string(),
  surface: z.string(),
  last_four: z.string(),
  development: z.boolean(),
  created_at: z.date(),
  expires_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
});

export const KEY_COLUMNS =
  'id, lineage, name, role, roles, scopes, application, surface, last_four, development, created_at, expires_at, revoked_at, last_used_at';

/** The roles that this build knows. What a newer build gave means nothing here. */
export function knownRoles(names: readonly string[]): readonly StaffRole[] {
  return STAFF_ROLES.filter((role) => names.includes(role));
}

function knownScopes(names: readonly string[]): readonly CallerScope[] {
  return CALLER_SCOPES.filter((scope) => names.includes(scope));
}

export function toApiKey(row: unknown): ApiKey {
  const key = keyRow.parse(row);
  return {
    id: key.id,
    lineage: key.lineage,
    name: key.name,
    role: key.role,
    roles: knownRoles(key.roles),
    scopes: key.scopes === null ? null : knownScopes(key.scopes),
    application: key.application,
    surface: key.surface,
    lastFour: key.last_four,
    development: key.development,
    createdAt: key.created_at,
    expiresAt: key.expires_at,
    revokedAt: key.revoked_at,
    lastUsedAt: key.last_used_at,
  };
}
