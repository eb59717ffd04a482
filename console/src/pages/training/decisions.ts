/** What a case can be decided as, whatever its kind (a test compares with the gateway's list). */
export const DECISIONS = [
  'release',
  'label',
  'edit',
  'block',
  'escalate',
  'uphold',
  'partly',
  'overturn',
  'keep',
  'remove',
  'remove_and_list',
  'approve',
  'reject',
] as const;
