import type { IconName } from './parts/icons.tsx';
import type { Key } from './words/words.ts';

/** Every address of the console, typed. */
export const to = {
  queues: () => '/',
  case: (id: string) => `/cases/${encodeURIComponent(id)}`,
  timeline: (id: string) => `/cases/${encodeURIComponent(id)}/timeline`,
  list: (queue: string) => `/queues/${encodeURIComponent(queue)}`,
  search: (q?: string) => (q === undefined ? '/search' : `/search?q=${encodeURIComponent(q)}`),
  appeals: () => '/appeals',
  notices: () => '/notices',
  quality: () => '/quality',
  operations: () => '/operations',
  policies: () => '/policies',
  registries: () => '/registries',
  gates: () => '/gates',
  audit: () => '/audit',
  settings: () => '/settings',
  campaigns: () => '/campaigns',
  limits: () => '/limits',
  keys: () => '/keys',
  staff: () => '/staff',
  webhooks: () => '/webhooks',
  exports: () => '/exports',
  training: () => '/training',
  calibration: (id: string) => `/training/${encodeURIComponent(id)}`,
  break: () => '/break',
};

interface Place {
  readonly to: string;
  readonly label: Key;
  readonly icon: IconName;
  /** The permission of `src/access/permissions.ts` without which the gateway would say no. */
  readonly permission: string | null;
  readonly group: 'review' | 'watch' | 'rule' | 'run' | 'own';
}

export const PLACES: readonly Place[] = [
  { to: to.queues(), label: 'nav.queues', icon: 'queue', permission: 'cases.read', group: 'review' },
  { to: to.search(), label: 'nav.search', icon: 'search', permission: 'search.read', group: 'review' },
  { to: to.appeals(), label: 'nav.appeals', icon: 'appeal', permission: 'appeals.decide', group: 'review' },
  { to: to.notices(), label: 'nav.notices', icon: 'notice', permission: 'notices.read', group: 'review' },
  { to: to.campaigns(), label: 'nav.campaigns', icon: 'cluster', permission: 'cases.read', group: 'review' },
  { to: to.quality(), label: 'nav.quality', icon: 'quality', permission: 'quality.read', group: 'watch' },
  { to: to.training(), label: 'nav.training', icon: 'star', permission: 'cases.read', group: 'watch' },
  { to: to.operations(), label: 'nav.operations', icon: 'operations', permission: 'operations.read', group: 'watch' },
  { to: to.audit(), label: 'nav.audit', icon: 'audit', permission: 'audit.read', group: 'watch' },
  { to: to.policies(), label: 'nav.policies', icon: 'policy', permission: 'policies.read', group: 'rule' },
  { to: to.registries(), label: 'nav.registries', icon: 'registry', permission: 'registers.read', group: 'rule' },
  { to: to.gates(), label: 'nav.gates', icon: 'gate', permission: 'gates.read', group: 'rule' },
  { to: to.limits(), label: 'nav.limits', icon: 'gauge', permission: 'limits.read', group: 'rule' },
  { to: to.keys(), label: 'nav.keys', icon: 'key', permission: 'keys.read', group: 'run' },
  { to: to.staff(), label: 'nav.staff', icon: 'people', permission: 'staff.read', group: 'run' },
  { to: to.webhooks(), label: 'nav.webhooks', icon: 'hook', permission: 'settings.write', group: 'run' },
  { to: to.exports(), label: 'nav.exports', icon: 'download', permission: 'exports.make', group: 'run' },
  { to: to.settings(), label: 'nav.settings', icon: 'settings', permission: null, group: 'own' },
];
