import type { Dossier } from '../src/api/dossier.ts';
import { PICTURE_SIZE } from './pictures.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const ahead = (ms: number) => new Date(Date.now() + ms).toISOString();

/** As the gateway says them, and one of an operator's own. */
const REASONS = [
  { code: 'real_person_likeness', text: 'A real person is shown who did not agree.' },
  { code: 'political_disinformation', text: 'A false political claim.' },
  { code: 'fraud_id_documents', text: 'A forged document, or a means of fraud.' },
  { code: 'ip', text: 'A protected work or mark.' },
  { code: 'other', text: 'Another part of the policy (say which in the note)' },
];

const NAMED = 'A living politician or another public person is named. A person looks before the picture is made.';
const ALIKE = 'A face looks like several people of the register.';

const KIND_DECISIONS: Readonly<Record<string, Dossier['policy']['decisions']>> = {
  generation: [
    { name: 'release' },
    { name: 'label' },
    { name: 'edit' },
    { name: 'block', needs_reason: true },
    { name: 'escalate', needs_note: true },
  ],
  appeal: [
    { name: 'uphold', needs_reason: true },
    { name: 'partly', needs_reason: true, needs_note: true },
    { name: 'overturn', needs_reason: true },
  ],
  notice: [
    { name: 'keep', needs_reason: true },
    { name: 'remove', needs_reason: true },
    { name: 'remove_and_list', needs_reason: true },
  ],
  campaign: [{ name: 'release' }, { name: 'block', needs_reason: true }],
  approval: [
    { name: 'approve', is_final: true },
    { name: 'reject', needs_note: true, is_final: true },
  ],
};

const PROMPTS = [
  'A newspaper front page with a photograph of Jane Example, the mayor, shaking hands at a harbor opening',
  'Poster for a film festival, the actor John Sample in front of mountains at dusk, grain, 35 mm',
  'Change the sky in this photo to sunset and add a banner with the company logo',
];

const waiting = (by_role: string) => ({ by_role, approves: null, by: null, at: null });

const APPROVAL: NonNullable<Dossier['approval']> = {
  what: 'exception',
  ids: { rule: 'named-public-figure', surface: 'chat', until: '2026-12-24T12:00:00.000Z' },
  boards: ['legal', 'privacy', 'product'].map(waiting),
};

/** One case, another for each number. Everything in it is invented. */
export function makeDossier(number: number, kind: Dossier['kind'] = 'generation'): Dossier {
  const id = `case_${String(number).padStart(4, '0')}7f3k9q2x8w5b1n6${String(number % 10)}`;
  const prompt = PROMPTS[number % PROMPTS.length] ?? '';
  const name = /(Jane Example|John Sample|company logo)/.exec(prompt);
  const isTricky = number % 4 === 1;
  // Two invisible characters stand before the name.
  const shift = isTricky ? 2 : 0;
  return {
    object: 'case',
    id,
    kind,
    ...(kind === 'approval' ? { approval: APPROVAL } : {}),
    stage: kind === 'generation' ? 'output' : null,
    status: 'open',
    generation_id: `gen_${id.slice(5)}`,
    upload_id: null,
    decision_id: `dec_${id.slice(5)}`,
    queue: kind === 'generation' ? 'real_people' : kind,
    restricted: false,
    categories: ['real_person_likeness'],
    region: 'EU',
    language: 'en',
    opened_at: ago(19 * MINUTE),
    closed_at: null,
    closed_by: null,
    lease: null,
    clocks: [
      {
        id: 'clk_1',
        name: 'Review target',
        law: null,
        source: null,
        started_at: ago(19 * MINUTE),
        due_at: ahead(41 * MINUTE + 12_000),
        is_statutory: false,
        state: 'running',
      },
      {
        id: 'clk_2',
        name: 'TAKE IT DOWN Act, 48 hours (USA)',
        law: 'TAKE IT DOWN Act, section 3',
        source: 'https://www.congress.gov/119/bills/s146/BILLS-119s146enr.htm',
        started_at: ago(19 * MINUTE),
        due_at: ahead(47 * HOUR),
        is_statutory: true,
        state: 'running',
      },
    ],
    why: [
      {
        rule: 'named-public-figure',
        description: NAMED,
        check: 'prompt-gazetteers',
        reason: 'gazetteer:public_person',
      },
      { rule: 'persons-not-told-apart', description: ALIKE, check: 'person-match' },
    ],
    request: {
      operation: number % 3 === 2 ? 'edit' : 'generate',
      model: 'demo-image-1',
      surface: 'chat',
      application: 'storyboard',
      prompt: isTricky ? prompt.replace('a', 'а').replace(' ', '\u200b \u202e') : prompt,
      prompt_undone: prompt,
      spans:
        name === null
          ? []
          : [
              {
                start: name.index + shift,
                end: name.index + shift + name[0].length,
                category: 'real_person_likeness',
                rule: 'named-public-figure',
              },
            ],
      parameters: { size: '768x960', quality: 'high', seed: 48_121 + number },
    },
    conversation: [
      { at: ago(26 * MINUTE), text: 'A harbor at dusk with ships, wide shot', action: 'allow' },
      { at: ago(22 * MINUTE), text: 'Make it look like a press photograph', action: 'allow' },
    ],
    media: [
      { id: `med_${number}-in`, role: 'input', ...PICTURE_SIZE, alt: 'Mountains at dusk', partner: `med_${number}` },
      {
        id: `med_${number}`,
        role: 'output',
        ...PICTURE_SIZE,
        alt: 'Mountains at dusk with a pale disc in the sky',
        partner: `med_${number}-in`,
      },
    ],
    provenance:
      kind === 'upload'
        ? {
            declaration: 'camera',
            contributor: 'desk-4',
            label: 'edited',
            situations: ['edited-elsewhere', 'declaration-mismatch'],
            policy: 'standard@14',
            is_kept: true,
            checked_at: ago(20 * MINUTE),
          }
        : null,
    people: [
      { face: 1, person: 'per_8w5b1n6k3', list: 'no_consent', consent: null, distance: 0.41 },
      {
        face: 2,
        person: 'per_2x8w5b1n6',
        list: 'consented',
        consent: { covers: ['advertising'], expires_at: ahead(90 * 24 * HOUR) },
        distance: 0.36,
      },
    ],
    user: { pseudonym: 'usr_k3p8vd02', first_seen: ago(140 * 24 * HOUR), generations: 214, refused: 3, held: 5, strikes: 1 },
    similar: [3, 4, 5, 6].map((n) => ({
      case_id: `case_09${n}27f3k9q2x8w5b`,
      decision: n === 4 ? 'release' : 'block',
      decided_at: ago(n * 26 * HOUR),
      distance: n * 4,
    })),
    takedowns: [{ artifact_id: 'art_6k2m9x4f8w5b1', reason: 'notice-likeness', distance: 18 }],
    cluster:
      number % 2 === 0 ? { size: 4, case_ids: [id, 'case_00117f3k9q2x8w5b', 'case_00127f3k9q2x8w5b', 'case_00137f3k9q2x8w5b'] } : null,
    signals: null,
    decisions: [],
    second_review:
      number % 5 === 0 ? { needed: true, why: 'A picture that may undress somebody leaves only when two people say so.' } : null,
    policy: {
      ref: 'standard@14',
      excerpt: `${NAMED}\n${ALIKE}`,
      decisions: KIND_DECISIONS[kind] ?? [],
      corrections: kind === 'generation' ? ['release', 'label', 'edit', 'block'] : [],
      reasons: REASONS,
    },
    draft: null,
    history: [
      { at: ago(20 * MINUTE), by: 'policy', act: 'held' },
      { at: ago(19 * MINUTE), by: 'gateway', act: 'opened' },
    ],
    statement:
      kind === 'appeal' || kind === 'notice'
        ? 'This is a still from my own short film. The actor has agreed in writing; the contract is attached.'
        : null,
  };
}

export const SIGNALS: NonNullable<Dossier['signals']> = [
  { check: 'person-match', signal: 'person:ambiguous', score: 0.87, threshold: 0.7 },
  { check: 'prompt-classifier', signal: 'classifier:fraud', score: 0.42, threshold: 0.5 },
  { check: 'nudity', signal: 'nudity:explicit', score: 0.02, threshold: 0.5 },
];
