/** What a member of staff can be. What each may do stands in one table, `src/access/permissions.ts`. */
export const STAFF_ROLES = [
  'reviewer',
  'senior_reviewer',
  'child_safety',
  'quality_lead',
  'policy_editor',
  'legal',
  'privacy',
  'product',
  'incident_commander',
  'auditor',
  'operator',
] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];
