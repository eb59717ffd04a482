import type { CaseState } from './case-store.ts';
import type { CaseKind } from './queues.ts';

export const CASE_DECISIONS = [
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
export type CaseDecisionName = (typeof CASE_DECISIONS)[number];

/** One thing that a person may decide. */
export interface Transition {
  readonly name: CaseDecisionName;
  /** What it does, for people. */
  readonly about: string;
  /** On which kinds of cases. */
  readonly kinds: readonly CaseKind[];
  /** Only where a picture is there. */
  readonly needsPicture: boolean;
  /** What becomes of the case. `votes`: nothing until every board has spoken. */
  readonly ends: Exclude<CaseState, 'open'> | 'votes';
  readonly needsReason: boolean;
  /** Which policy was applied has to be said. */
  readonly needsPolicy: boolean;
  readonly needsNote: boolean;
  /** Something goes out to people, or stays with them, because of it. */
  readonly letsOut: boolean;
  /** Cannot be taken back within the first seconds. */
  readonly isFinal: boolean;
}

const OURS = ['generation', 'upload', 'campaign'] as const;
const plain = { needsPicture: false, needsReason: false, needsPolicy: false, needsNote: false, letsOut: false, isFinal: false };

/**
 * Every transition of a case, once: the server refuses what is not here, the API's documentation and the console's buttons are made of it. All start
 * from an open or escalated case.
 */
export const TRANSITIONS: readonly Transition[] = [
  { ...plain, name: 'release', about: 'Let it go on: nothing is wrong with it.', kinds: OURS, ends: 'released', letsOut: true },
  {
    ...plain,
    name: 'label',
    about: 'Let it go on with a visible label.',
    kinds: ['generation'],
    ends: 'released',
    needsPolicy: true,
    letsOut: true,
  },
  {
    ...plain,
    name: 'edit',
    about: 'Blur or crop regions, then let the picture go.',
    kinds: ['generation'],
    needsPicture: true,
    ends: 'released',
    needsPolicy: true,
    letsOut: true,
  },
  {
    ...plain,
    name: 'block',
    about: 'Nothing leaves. With user_action, also act on the person who asked for it; of a campaign, on all of its members.',
    kinds: OURS,
    ends: 'blocked',
    needsReason: true,
    needsPolicy: true,
  },
  {
    ...plain,
    name: 'escalate',
    about: 'Hand it to senior review, legal, law enforcement or the incident desk.',
    kinds: ['generation', 'upload', 'appeal', 'notice', 'campaign'],
    ends: 'escalated',
    needsNote: true,
  },
  { ...plain, name: 'uphold', about: 'The decision was right.', kinds: ['appeal'], ends: 'blocked', needsReason: true },
  {
    ...plain,
    name: 'partly',
    about: 'The decision was right in part.',
    kinds: ['appeal'],
    ends: 'released',
    needsReason: true,
    needsNote: true,
    letsOut: true,
  },
  { ...plain, name: 'overturn', about: 'The decision was wrong.', kinds: ['appeal'], ends: 'released', needsReason: true, letsOut: true },
  { ...plain, name: 'keep', about: 'What was reported stays.', kinds: ['notice'], ends: 'released', needsReason: true, letsOut: true },
  { ...plain, name: 'remove', about: 'Take it down.', kinds: ['notice'], ends: 'blocked', needsReason: true },
  {
    ...plain,
    name: 'remove_and_list',
    about: 'Take it down, and keep it from coming back.',
    kinds: ['notice'],
    ends: 'blocked',
    needsReason: true,
  },
  { ...plain, name: 'approve', about: 'This board agrees.', kinds: ['approval'], ends: 'votes', isFinal: true, letsOut: true },
  {
    ...plain,
    name: 'reject',
    about: 'This board does not agree; that ends it.',
    kinds: ['approval'],
    ends: 'blocked',
    needsNote: true,
    isFinal: true,
  },
];

interface Decidable {
  readonly kind: CaseKind;
  readonly stage: string | null;
}

/** What may be decided on such a case, in the order in which buttons stand. */
export function transitionsOf({ kind, stage }: Decidable): readonly Transition[] {
  return TRANSITIONS.filter(({ kinds, needsPicture }) => kinds.includes(kind) && (!needsPicture || stage === 'output'));
}

/** From one of these a case is decided. */
export function isDecidable(state: CaseState): boolean {
  return state === 'open' || state === 'escalated';
}
