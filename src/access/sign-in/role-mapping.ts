import { createHash } from 'node:crypto';
import { STAFF_ROLES, type StaffRole } from '../../contracts/staff-role.ts';

/** Which claim of the provider says what somebody is, and what its values mean here. */
export interface RoleMapping {
  /** Name of a claim, or a path such as `realm_access.roles`. A claim whose very name has dots is found first. */
  readonly claim: string;
  /** Value of the claim → roles. What is not listed gives nothing. */
  readonly map: Readonly<Record<string, readonly StaffRole[]>>;
}

/** True when the claims say anything where the mapping looks. */
export function hasRoleClaim(claims: Readonly<Record<string, unknown>>, { claim }: RoleMapping): boolean {
  return valueAt(claims, claim) !== undefined;
}

/** The roles of whoever has these claims; empty when none is mapped, or the claim is no text and no list of texts. */
export function rolesFromClaims(claims: Readonly<Record<string, unknown>>, { claim, map }: RoleMapping): readonly StaffRole[] {
  const value = valueAt(claims, claim);
  const names = (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string');
  const given = new Set(names.flatMap((name) => (Object.hasOwn(map, name) ? (map[name] ?? []) : [])));
  return STAFF_ROLES.filter((role) => given.has(role));
}

/** Changes when anything changes that gives roles: sessions of before stand no longer. */
export function groundsOf(settings: unknown): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 32);
}

function valueAt(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  let value: unknown = claims;
  for (const part of claim.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
