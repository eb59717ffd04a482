import type { CaseLine, Exception, Gate, Kill, PolicyVersion, Queue, Replay } from '../src/api/answers.ts';
import type { Operations, Quality } from '../src/api/board-answers.ts';
import type { Act } from '../src/api/dossier.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

export function queues(): Queue[] {
  const queue = (id: string, name: string, description: string, rest: Partial<Queue>): Queue => ({
    id,
    name,
    description,
    pending: 0,
    mine: 0,
    oldest_at: null,
    first_due_at: null,
    forecast: { breaches_next_4h: 0 },
    eligible: true,
    blocked_because: null,
    ...rest,
  });
  return [
    queue('general', 'General', 'Everything that no other queue takes.', {
      pending: 128,
      oldest_at: ago(52 * MINUTE),
      first_due_at: ahead(3.1 * HOUR),
    }),
    queue('real_people', 'Real people', 'Public figures, look-alikes, consent.', {
      pending: 42,
      mine: 1,
      oldest_at: ago(3.2 * HOUR),
      first_due_at: ahead(41 * MINUTE),
      forecast: { breaches_next_4h: 6 },
    }),
    queue('intimate', 'Intimate imagery', 'Reported or detected; US law gives 48 hours.', {
      pending: 7,
      oldest_at: ago(20 * HOUR),
      first_due_at: ahead(26 * HOUR),
      eligible: false,
      blocked_because: { because: 'budget', text: 'You have seen enough of this for now.', resumes_at: ahead(2 * HOUR) },
    }),
    queue('appeal', 'Appeals', 'Somebody disagrees with a decision.', {
      pending: 19,
      oldest_at: ago(30 * HOUR),
      first_due_at: ahead(2.6 * HOUR),
      forecast: { breaches_next_4h: 2 },
    }),
    queue('notice', 'Notices', 'Reports from the public and trusted flaggers.', {
      pending: 11,
      oldest_at: ago(5 * HOUR),
      first_due_at: ahead(18 * HOUR),
    }),
    queue('approval', 'Approvals', 'Exceptions and policy activations.', {}),
  ];
}

export function caseLines(kind: string, ids: readonly string[]): CaseLine[] {
  return ids.map((id, index) => ({
    id,
    case_id: id,
    kind,
    status: 'open',
    queue: kind,
    opened_at: ago((index + 1) * 3 * HOUR),
    due_at: index === 0 ? ago(9 * MINUTE) : ahead((index + 1) * 7 * HOUR),
    first_due_at: ahead((index + 1) * 40 * MINUTE),
    language: ['en', 'de', 'ar'][index % 3] ?? 'en',
    summary: ['“The actor has agreed in writing.”', '“That is my own photograph.”', '“هذه صورتي”'][index % 3] ?? null,
    lane: index === 0 ? 'trusted' : 'public',
    duplicates: index,
  }));
}

export const timeline = (): Act[] => [
  { at: ago(20 * MINUTE), by: 'policy', act: 'held', text: null, entry: { index: 48_215, proof_url: '/v1/ledger/proof?index=48215' } },
  {
    at: ago(19 * MINUTE),
    by: 'gateway',
    act: 'opened',
    text: 'real_people',
    entry: { index: 48_216, proof_url: '/v1/ledger/proof?index=48216' },
  },
  {
    at: ago(2 * MINUTE),
    by: 'Sam Reviewer',
    act: 'claimed',
    text: null,
    entry: { index: 48_301, proof_url: '/v1/ledger/proof?index=48301' },
  },
  { at: ago(MINUTE), by: 'Sam Reviewer', act: 'looked:picture', text: 'med_1', entry: null },
];

export function quality(): Quality {
  const labels = ['release', 'label', 'block', 'escalate'];
  return {
    from: ago(30 * 24 * HOUR),
    to: ago(0),
    policies: [
      {
        policy: 'Real people (§ 4)',
        n: 1000,
        prevalence: 0.05,
        measures: [
          { name: 'psa', value: 0.8, low: 0.71, high: 0.87, threshold: 0.75 },
          { name: 'kappa', value: 0.789, low: 0.7, high: 0.87, threshold: 0.667 },
          { name: 'alpha', value: 0.79, low: 0.7, high: 0.87, threshold: 0.667 },
          { name: 'ac1', value: 0.978, low: 0.967, high: 0.987 },
          { name: 'raw', value: 0.98, low: 0.969, high: 0.987 },
        ],
        confusion: {
          labels,
          rows: [
            [871, 9, 6, 1],
            [12, 28, 3, 0],
            [5, 2, 46, 3],
            [1, 0, 4, 9],
          ],
        },
      },
      {
        policy: 'Intimate imagery (§ 2)',
        n: 86,
        prevalence: 0.31,
        measures: [
          { name: 'psa', value: 0.93, low: 0.79, high: 1, threshold: 0.85 },
          { name: 'kappa', value: 0.9, low: 0.71, high: 1, threshold: 0.8 },
          { name: 'alpha', value: 0.9, low: 0.7, high: 1, threshold: 0.8 },
          { name: 'ac1', value: 0.92, low: 0.78, high: 1 },
          { name: 'raw', value: 0.95, low: 0.88, high: 0.99 },
        ],
        confusion: null,
      },
    ],
    reviewers: [
      {
        reviewer: 'you',
        gold: 214,
        correct: 203,
        low: 0.911,
        high: 0.972,
        cusum: { values: walk(214, 0.05), threshold: 3.5, alarm_at: null },
      },
      {
        reviewer: 'Team A',
        gold: 812,
        correct: 731,
        low: 0.878,
        high: 0.919,
        cusum: { values: walk(160, 0.12), threshold: 3.5, alarm_at: ago(40 * HOUR) },
      },
      {
        reviewer: 'reviewer 7',
        gold: 48,
        correct: 46,
        low: 0.86,
        high: 0.988,
        cusum: { values: walk(48, 0.05), threshold: 3.5, alarm_at: null },
      },
    ],
    notes: ['§ 4.2 “clearly invented”: 14 of 22 disagreements cite it.'],
  };
}

/** A CUSUM over made-up errors, the same each time. */
function walk(length: number, rate: number): number[] {
  let sum = 0;
  return Array.from({ length }, (_, index) => {
    const isError = (index * 7919) % 100 < rate * 100;
    sum = Math.max(0, sum + (isError ? Math.log(3) : Math.log(0.85 / 0.95)));
    return sum;
  });
}

export function operations(): Operations {
  const burn = (short: number, long: number) => [
    { window: '1h', rate: short, threshold: 14.4, is_firing: short > 14.4 },
    { window: '6h', rate: long, threshold: 6, is_firing: long > 6 },
  ];
  return {
    slos: [
      {
        id: 'automatic_hold',
        name: 'Automatic hold',
        objective: 'within 60 s',
        target: 0.99,
        current: 0.9994,
        good: 18_201,
        total: 18_212,
        burn: burn(0.1, 0.2),
        budget_left: 0.94,
      },
      {
        id: 'review_median',
        name: 'Review, median',
        objective: 'under 1 h',
        target: 0.5,
        current: 0.71,
        good: 612,
        total: 861,
        burn: burn(0.4, 0.6),
        budget_left: 0.42,
      },
      {
        id: 'review_p95',
        name: 'Review, 95th percentile',
        objective: 'under 4 h',
        target: 0.95,
        current: 0.931,
        good: 802,
        total: 861,
        burn: burn(16.1, 6.8),
        budget_left: -0.38,
      },
      {
        id: 'takedown',
        name: 'Takedown',
        objective: 'within 24 h',
        target: 0.99,
        current: 1,
        good: 57,
        total: 57,
        burn: burn(0, 0),
        budget_left: 1,
      },
    ],
    volumes: {
      bucket: 'hour',
      points: Array.from({ length: 24 }, (_, index) => {
        const generations = Math.round(900 + 600 * Math.sin((index / 24) * 2 * Math.PI - 1.8) + ((index * 37) % 90));
        return {
          at: ago((23 - index) * HOUR),
          generations,
          refused: Math.round(generations * 0.06 + ((index * 13) % 20)),
          held: Math.round(generations * 0.025) + (index === 19 ? 60 : 0),
          released: Math.round(generations * 0.015),
          blocked: Math.round(generations * 0.008),
        };
      }),
    },
    categories: [
      { category: 'real_person_likeness', count: 412, previous: 388 },
      { category: 'political_disinformation', count: 191, previous: 96 },
      { category: 'sexual', count: 120, previous: 131 },
      { category: 'ip', count: 64, previous: 60 },
      { category: 'violence_gore', count: 31, previous: 44 },
    ],
    surfaces: [
      { surface: 'chat', count: 14_210, previous: 13_900 },
      { surface: 'api', count: 5_120, previous: 5_004 },
      { surface: 'batch', count: 801, previous: 1_200 },
    ],
    drift: [
      {
        metric: 'prompts',
        psi: 0.27,
        level: 'alarm',
        since: ago(9 * HOUR),
        moved: 'real_person_likeness:0.4',
        examples: ['gen_48a1k2', 'gen_48a9m3', 'gen_48b0x7'],
      },
      { metric: 'scores', psi: 0.12, level: 'watch', since: ago(31 * HOUR), examples: ['gen_47f8k2'] },
    ],
  };
}

export const policies = (): PolicyVersion[] => [
  {
    ref: 'standard@15',
    name: 'standard',
    version: '15',
    digest: 'sha256:9b1f0c6a',
    state: 'proposed',
    origin: 'proposal',
    proposed_by: 'user_kim',
    proposed_at: ago(4 * HOUR),
    note: 'Real people are held from 0.6, and press photographs too.',
    asked: { state: 'asked', by: 'user_kim', at: ago(3 * HOUR), case_id: 'case_01k9appr' },
    tests: { total: 64, failed: 0 },
    activated_at: null,
    activated_by: null,
    approvals: [
      { by_role: 'legal', approves: true, by: 'user_ana', at: ago(2 * HOUR) },
      { by_role: 'privacy', approves: null, by: null, at: null },
      { by_role: 'product', approves: null, by: null, at: null },
    ],
  },
  {
    ref: 'standard@14',
    name: 'standard',
    version: '14',
    digest: 'sha256:41c77d02',
    state: 'active',
    origin: 'proposal',
    proposed_by: 'user_kim',
    proposed_at: ago(21 * 24 * HOUR),
    note: null,
    asked: null,
    tests: { total: 64, failed: 0 },
    activated_at: ago(20 * 24 * HOUR),
    activated_by: 'Kim Policy',
    approvals: [],
  },
  {
    ref: 'standard@13',
    name: 'standard',
    version: '13',
    digest: 'sha256:aa02e951',
    state: 'retired',
    origin: 'proposal',
    proposed_by: 'user_kim',
    proposed_at: ago(91 * 24 * HOUR),
    note: null,
    asked: null,
    tests: { total: 64, failed: 0 },
    activated_at: ago(90 * 24 * HOUR),
    activated_by: 'Kim Policy',
    approvals: [],
  },
];

const TEXT = (threshold: string, extra: string) => `policy: standard
categories:
  real_person:
    hold: ${threshold}
    block: 0.9
  deception:
    hold: 0.5
rules:
  - id: named-public-figure
    when: prompt.names("public_figure")
    then: hold
${extra}`;

export const exceptions = (): Exception[] => [
  {
    id: 'exc_47c2',
    state: 'open',
    rule: 'named-public-figure',
    surface: 'app',
    application: 'museum',
    reason: 'An exhibition of portraits, until it closes.',
    until: ago(-20 * 24 * HOUR),
    asked_by: 'user_kim',
    case_id: 'case_01k9exc',
    approvals: [],
  },
];

export const policyTexts = {
  text: TEXT('0.6', '  - id: press-look\n    when: prompt.says("press photograph")\n    then: hold\n'),
  previous_text: TEXT('0.7', ''),
};

export const replay = (): Replay => ({
  from: ago(7 * 24 * HOUR),
  to: ago(0),
  total: 126_400,
  same: 125_310,
  changed: [
    {
      ...{ stage: 'prompt', from: 'allow', to: 'hold', count: 1034, examples: ['gen_47a1k2', 'gen_47a9m3'] },
      categories: [{ category: 'real_person_likeness', count: 1034 }],
      regions: [{ region: 'DE', count: 400 }],
    },
    {
      ...{ stage: 'output', from: 'hold', to: 'block', count: 56, examples: ['gen_47b0x7'] },
      categories: [{ category: 'political_disinformation', count: 56 }],
      regions: [],
    },
  ],
  lacking: [],
  untold: 0,
});

export const gates = (): Gate[] => [
  {
    capability: 'demo-image-1:generate',
    model: 'demo-image-1',
    operation: 'generate',
    option: null,
    state: 'on',
    version: 4,
    reason: null,
    by: 'Ira Command',
    changed_at: ago(50 * HOUR),
  },
  {
    capability: 'demo-image-1:edit',
    model: 'demo-image-1',
    operation: 'edit',
    option: null,
    state: 'percent',
    percent: 10,
    overrides: [{ surface: 'chat', region: 'EU', state: 'off' }],
    canary: { roll_back_to: 'off' },
    version: 9,
    reason: 'First tenth',
    by: 'Ira Command',
    changed_at: ago(2 * HOUR),
  },
  {
    capability: 'clip-1:video',
    model: 'clip-1',
    operation: 'video',
    option: null,
    state: 'allowlist',
    allowlist: 12,
    version: 1,
    reason: null,
    by: null,
    changed_at: null,
  },
];

export const kills = (): Kill[] => [
  {
    id: 'kill_1',
    state: 'on',
    scope: { model: 'clip-1' },
    reason: 'Upstream reports leaked previews',
    by: 'Ira Command',
    thrown_at: ago(35 * MINUTE),
    until: null,
    lift_needs_second: true,
    seen_by: 3,
  },
];
