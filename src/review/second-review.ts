import type { Category } from '../contracts/category.ts';
import type { CaseDecision, Region } from './decision-store.ts';
import { type CaseDecisionName, TRANSITIONS, type Transition } from './transitions.ts';

/** When a second person has to look, as data. Every member that is there must hold. */
export interface SecondReviewRule {
  readonly id: string;
  /** Shown to reviewers. */
  readonly why: string;
  readonly restricted?: true;
  /** One of these is enough. */
  readonly queues?: readonly string[];
  /** All of these groups must be there: one category of each. */
  readonly categories?: readonly (readonly Category[])[];
  /** Absent: every decision but an escalation. */
  readonly decisions?: readonly CaseDecisionName[];
  readonly userActions?: readonly string[];
}

/** Also what is shown again on appeal, and what somebody reported and stays. */
const LETTING_OUT = TRANSITIONS.filter(({ letsOut }) => letsOut).map(({ name }) => name);

/** The gravest: what must not get out by one person's mistake, and what a person would hardly get back. */
export const SHIPPED_SECOND_REVIEW: readonly SecondReviewRule[] = [
  { id: 'restricted', why: 'Suspected child abuse material is decided by two people.', restricted: true },
  {
    id: 'intimate-likeness',
    why: 'Nudity of a real person leaves only when two people say so.',
    categories: [['sexual', 'ncii_undress'], ['real_person_likeness']],
    decisions: LETTING_OUT,
  },
  {
    id: 'undress',
    why: 'A picture that may undress somebody leaves only when two people say so.',
    categories: [['ncii_undress']],
    decisions: LETTING_OUT,
  },
  { id: 'suspension', why: 'Nobody is suspended on one person’s word.', userActions: ['suspend', 'ban'] },
];

interface DecidedCase {
  readonly restricted: boolean;
  readonly queue: string;
  readonly categories: readonly Category[];
}

/** Why a second person has to look before this decision counts; null when one is enough. */
export function secondReviewFor(
  found: DecidedCase,
  { name }: Pick<Transition, 'name'>,
  userAction: string | null,
  rules: readonly SecondReviewRule[] = SHIPPED_SECOND_REVIEW,
): string | null {
  if (name === 'escalate' || name === 'approve' || name === 'reject') return null;
  const rule = rules.find(
    ({ restricted, queues, categories, decisions, userActions }) =>
      (restricted === undefined || found.restricted) &&
      (queues === undefined || queues.includes(found.queue)) &&
      (categories === undefined || categories.every((group) => group.some((one) => found.categories.includes(one)))) &&
      (decisions === undefined || decisions.includes(name)) &&
      (userActions === undefined || (userAction !== null && userActions.includes(userAction))),
  );
  return rule?.why ?? null;
}

type Said = Pick<CaseDecision, 'decision' | 'user_action' | 'regions'>;

interface Wish {
  readonly decision: CaseDecisionName;
  readonly userAction: string | null;
  readonly regions: readonly Region[];
}

/** Whether two people say the same. An action on a person and what is cut away are part of it; what either wants blurred is blurred. */
export function isSameAs(said: Said, wish: Wish): boolean {
  const cropOf = (regions: Said['regions']) => JSON.stringify(regions?.filter(({ how }) => how === 'crop') ?? []);
  return (
    said.decision === wish.decision &&
    (wish.userAction === null || said.user_action === wish.userAction) &&
    cropOf(said.regions) === cropOf([...wish.regions])
  );
}

/** What somebody else who said the same wants blurred, too. */
export function blursOf({ regions }: Pick<CaseDecision, 'regions'>): readonly Region[] {
  return (regions ?? []).filter(({ how }) => how === 'blur');
}
