/** The roles of the gateway, in its order (a test compares). */
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
