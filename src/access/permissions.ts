import type { StaffRole } from '../contracts/staff-role.ts';

/** What a member of staff may be allowed to do. One table (`ROLES`) serves the API, the console and `docs/roles.md`. */
export const PERMISSIONS = [
  'cases.read',
  'cases.decide',
  'cases.restricted',
  'cases.assign',
  'appeals.decide',
  'notices.read',
  'notices.decide',
  'approvals.legal',
  'approvals.privacy',
  'approvals.product',
  'search.read',
  'evidence.read',
  'explanations.read',
  'policies.read',
  'policies.propose',
  'policies.activate',
  'registers.read',
  'registers.write',
  'people.names',
  'takedowns.write',
  'gates.read',
  'gates.write',
  'kill.throw',
  'kill.lift',
  'limits.read',
  'limits.write',
  'usage.read',
  'standing.write',
  'keys.read',
  'keys.write',
  'staff.read',
  'staff.write',
  'quality.read',
  'quality.manage',
  'operations.read',
  'audit.read',
  'exports.make',
  'classifier.write',
  'settings.write',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Without `explanations.read`: scores are seen on the case, on record, and not before one has decided; of a gold case they would tell the answer. */
const REVIEW = ['cases.read', 'cases.decide', 'search.read', 'policies.read', 'gates.read'] as const;
const SENIOR = [
  ...REVIEW,
  'cases.assign',
  'appeals.decide',
  'notices.read',
  'notices.decide',
  'takedowns.write',
  'registers.read',
  'standing.write',
] as const;
const LOOK = ['policies.read', 'explanations.read', 'operations.read', 'quality.read', 'gates.read', 'limits.read', 'usage.read'] as const;

/**
 * Who may do what. `operator` runs the machine and holds everything but the board's approvals and suspected child abuse material: nobody
 * has those by running a server.
 */
export const ROLES: Readonly<Record<StaffRole, readonly Permission[]>> = {
  reviewer: REVIEW,
  senior_reviewer: SENIOR,
  child_safety: [...SENIOR, 'cases.restricted', 'evidence.read'],
  quality_lead: [...SENIOR, 'explanations.read', 'quality.read', 'quality.manage', 'exports.make'],
  policy_editor: [...LOOK, 'cases.read', 'search.read', 'policies.propose', 'registers.read'],
  legal: [...LOOK, 'cases.read', 'notices.read', 'search.read', 'evidence.read', 'approvals.legal', 'audit.read', 'people.names'],
  privacy: [...LOOK, 'cases.read', 'registers.read', 'approvals.privacy', 'audit.read', 'people.names'],
  product: [...LOOK, 'cases.read', 'approvals.product', 'gates.write'],
  incident_commander: [...SENIOR, ...LOOK, 'gates.write', 'kill.throw', 'kill.lift', 'evidence.read', 'audit.read', 'limits.write'],
  auditor: [...LOOK, 'audit.read', 'search.read'],
  operator: PERMISSIONS.filter((permission) => !permission.startsWith('approvals.') && permission !== 'cases.restricted'),
};

/** Whether any of the roles brings this permission. */
export function rolesAllow(roles: readonly StaffRole[], permission: Permission): boolean {
  return roles.some((role) => ROLES[role].includes(permission));
}

/** Whether whoever has these roles may give another: nobody gives what they may not do themselves. */
export function mayGive(roles: readonly StaffRole[], given: StaffRole): boolean {
  return ROLES[given].every((permission) => rolesAllow(roles, permission));
}
