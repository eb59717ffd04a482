import type { Campaign, Limit, UsageLine } from '../src/api/watched.ts';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const ahead = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const day = (back: number) => ago(back * 24).slice(0, 10);

const campaign: Campaign = {
  id: 'camp_0001k3p8vd02',
  kind: 'words',
  state: 'open',
  case_id: 'case_00017f3k9q2x8w5b1n61',
  opened_at: ago(7),
  seen_at: ago(0.2),
  accounts: 14,
  refusals: 61,
  shared: 3,
  applications: ['storyboard'],
  categories: ['real_person_likeness'],
  decided: null,
  members: Array.from({ length: 14 }, (_, index) => ({
    application: 'storyboard',
    user: `${(index + 11) * 7919}a1b2c3d4e5f60718293a4b5c6d7e8f90`,
    refusals: 9 - (index % 7),
    first_at: ago(9 + index),
    last_at: ago(0.3 + index),
  })),
  generations: ['gen_00017f3k9q2x8w5b'],
};

const limit = (id: string, rest: Partial<Limit>): Limit => ({
  id,
  what: 'images',
  per: ['user'],
  when: {},
  limit: 200,
  window: 'day',
  warn_at: 0.8,
  version: 3,
  source: 'operator',
  reason: null,
  by: 'user_sam',
  changed_at: ago(50),
  use: { used: 171, remaining: 29, resets_at: ahead(5) },
  ...rest,
});

const usage = (application: string, model: string, pictures: number): UsageLine => ({
  day: day(1),
  kind: 'usage',
  application,
  model,
  requests: pictures - 12,
  pictures,
  refused: 31,
  held: 9,
  reviews: 7,
  cost_units: pictures * 4,
});

const round = {
  id: 'cal_1',
  title: 'Press photographs, § 4.2',
  made_by: 'user_lead',
  made_at: ago(30),
  participants: ['user_sam', 'user_kim', 'user_ana'],
  revealed_at: null,
  minutes: null,
};

const CASE = 'case_00017f3k9q2x8w5b1n61';

/** What operators keep, by route: lists of a few lines each. */
export const managedLists: Readonly<Record<string, readonly unknown[]>> = {
  '/v1/people': [
    {
      id: 'per_00018w5b1n6k3',
      faces: 3,
      added_by: 'user_sam',
      added_at: ago(900),
      entries: [
        { id: 'ent_1', list: 'consent', scope: { purposes: ['generate', 'edit'] }, expires_at: ahead(2_000), revoked_at: null },
        { id: 'ent_2', list: 'consent', scope: { purposes: ['training'] }, expires_at: null, revoked_at: ago(40) },
      ],
    },
    {
      id: 'per_00012x8w5b1n6',
      faces: 1,
      added_by: 'user_sam',
      added_at: ago(90),
      entries: [{ id: 'ent_3', list: 'protected', expires_at: null, revoked_at: null }],
    },
  ],
  '/v1/opt-outs': [
    {
      id: 'opt_1',
      name: 'Example Studio',
      aliases: ['Ex St'],
      works: [],
      what: ['style', 'name'],
      reference: 'Letter 12/2026',
      expires_at: null,
      added_at: ago(800),
    },
  ],
  '/v1/hash-lists': [
    { name: 'partner-feed', source: 'import', counts: { pdq: 120_411, sha256: 80_000, md5: 0 }, is_signed: true, imported_at: ago(20) },
    { name: 'built-in', source: 'configuration', counts: { pdq: 12, sha256: 0, md5: 0 } },
  ],
  '/v1/trusted-flaggers': [
    { id: 'flag_1', name: 'Example Hotline', last_four: 'k9Q2', added_at: ago(4_000), revoked_at: null },
    { id: 'flag_2', name: 'Former Partner', last_four: 'x8w5', added_at: ago(9_000), revoked_at: ago(100) },
  ],
  '/v1/takedowns': [{ artifact_id: 'art_6k2m9x4f8w5b1', reason: 'court-order', by: 'user_sam', at: ago(70) }],
  '/v1/quality/gold': [
    {
      id: 'gold_1',
      case_id: CASE,
      decision: 'block',
      policy: null,
      rationale: 'A named person in a scene that never was.',
      state: 'active',
      shown: 41,
      made_by: 'user_lead',
      made_at: ago(700),
    },
    {
      id: 'gold_2',
      case_id: CASE,
      decision: 'release',
      policy: null,
      rationale: 'Clearly drawn, and satire.',
      state: 'candidate',
      shown: 0,
      made_by: 'user_lead',
      made_at: ago(70),
    },
  ],
  '/v1/quality/calibrations': [round],
  '/v1/staff': [
    {
      id: 'user_sam',
      name: 'Sam Reviewer',
      issuer: 'https://id.example',
      roles: ['senior_reviewer'],
      granted: ['quality_lead'],
      last_sign_in_at: ago(1),
      blocked_at: null,
    },
    {
      id: 'user_old',
      name: 'Former Colleague',
      issuer: 'https://id.example',
      roles: ['reviewer'],
      granted: [],
      last_sign_in_at: ago(4_000),
      blocked_at: ago(900),
    },
  ],
  '/v1/keys': [
    {
      id: 'key_1',
      name: 'Shop web',
      role: 'caller',
      roles: [],
      scopes: null,
      application: 'shop',
      surface: 'chat',
      last_four: 'Zq1x',
      created_at: ago(900),
      expires_at: ahead(900),
      revoked_at: null,
      last_used_at: ago(0.1),
    },
    {
      id: 'key_2',
      name: 'Nightly export',
      role: 'operator',
      roles: ['auditor'],
      scopes: null,
      application: 'default',
      surface: 'operator',
      last_four: 'p8vd',
      created_at: ago(90),
      expires_at: null,
      revoked_at: ago(3),
      last_used_at: null,
    },
  ],
  '/v1/applications': [
    {
      id: 'shop',
      name: 'Shop',
      surfaces: null,
      claims: { issuer: 'shop', audience: 'imprimatur', max_age_seconds: 600, use: 'once', required: true },
      stopped_at: null,
    },
  ],
  '/v1/surfaces': [
    { id: 'chat', name: 'chat', source: 'config', made_by: 'configuration', made_at: null },
    { id: 'poster', name: 'Poster maker', source: 'operator', made_by: 'user_sam', made_at: ago(50) },
  ],
  '/v1/limits': [
    limit('per-user-day', {}),
    limit('everybody', {
      per: [],
      what: 'cost',
      limit: 1_000_000,
      window: 'month',
      source: 'config',
      use: { used: 312_000, remaining: 688_000, resets_at: ahead(200) },
    }),
  ],
  '/v1/behavior/campaigns': [campaign],
};

/** Single things, by route. */
export const managedThings: Readonly<Record<string, unknown>> = {
  '/v1/quality/calibrations/:id': {
    ...round,
    alpha: null,
    items: [
      { position: 1, case_id: CASE, answers: [{ by: 'user_sam', decision: 'block', reason: 'Names a person.' }] },
      { position: 2, case_id: CASE, answers: [] },
    ],
  },
  '/v1/applications/:id/claim-keys': { data: [{ kid: 'k-2026', algorithm: 'EdDSA', expires_at: ahead(900), revoked_at: null }] },
  '/v1/webhooks': {
    data: [
      {
        id: 'wh_1',
        name: 'billing',
        url: 'https://hooks.example.com/imprimatur',
        application: null,
        events: ['case.decided'],
        state: 'active',
        disabled_because: null,
        is_configured: false,
        failures: 2,
        last_delivered_at: ago(2),
      },
    ],
    events: { 'case.decided': 'A case was decided.', 'generation.published': 'Its pictures can be fetched.' },
  },
  '/v1/webhooks/:id/deliveries': {
    data: [
      {
        id: 'del_1',
        type: 'case.decided',
        state: 'delivered',
        attempts: 1,
        last_status: 200,
        last_error: null,
        occurred_at: ago(2),
        ended_at: ago(2),
      },
      {
        id: 'del_2',
        type: 'case.decided',
        state: 'dead',
        attempts: 9,
        last_status: 503,
        last_error: 'status 503',
        occurred_at: ago(90),
        ended_at: ago(20),
      },
    ],
  },
  '/v1/behavior/campaigns/:id': campaign,
  '/v1/usage': {
    object: 'usage',
    from: day(6),
    to: day(0),
    closed_through: day(1),
    days: [],
    data: [usage('shop', 'demo-image-1', 14_210), usage('storyboard', 'demo-image-1', 812)],
    open: [usage('shop', 'demo-image-1', 410)],
  },
  '/v1/me/welfare': {
    opt_outs: ['self_harm'],
    budgets: [{ category: 'all', today: 34, budget: 60, resumes_at: null }],
    week: { seen: 120, budget: 400 },
    blocked: [],
    break: { until: ahead(0.2) },
    offered: null,
    resumes_at: null,
  },
  '/v1/operations/examples': { data: [{ decision_id: 'dec_1', generation_id: 'gen_48a1k2', at: ago(1) }] },
};
