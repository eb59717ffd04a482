import type { DecisionRequest, Draft, Region } from '../api/decision.ts';
import type { AllowedDecision, Dossier, Lease } from '../api/dossier.ts';
import type { IconName } from '../parts/icons.tsx';

/** A button under the picture: a decision, or a decision with a further act. */
export interface Choice {
  readonly id: string;
  readonly decision: string;
  readonly icon: IconName;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly needsReason: boolean;
  readonly needsNote: boolean;
  readonly needsRegion: boolean;
  readonly needsUserAction: boolean;
  readonly needsPlace: boolean;
  /** Another person decides too; undefined where the server does not say. */
  readonly secondReview: boolean | undefined;
  /** Cannot be taken back: the number of the case is typed first. */
  readonly isFinal: boolean;
}

const LOOKS: Readonly<Record<string, readonly [IconName, Choice['tone']]>> = {
  release: ['check', 'good'],
  label: ['label', 'good'],
  edit: ['edit', 'warn'],
  block: ['block', 'bad'],
  block_user: ['person', 'bad'],
  escalate: ['up', 'plain'],
  uphold: ['block', 'bad'],
  partly: ['compare', 'warn'],
  overturn: ['undo', 'good'],
  keep: ['check', 'good'],
  remove: ['block', 'bad'],
  remove_and_list: ['lock', 'bad'],
  approve: ['check', 'good'],
  reject: ['cross', 'bad'],
};

const USER_ACTIONS = ['warn', 'strike', 'limit', 'suspend', 'ban'] as const;

/** What may happen to the person who asked, mildest first; none where nobody knows who that is. */
export function userActionsOf({ policy, kind, user }: Pick<Dossier, 'policy' | 'kind' | 'user'>): readonly string[] {
  const said = policy.user_actions;
  if (said !== undefined) return said.unavailable === null ? said.names : [];
  return user !== null && (kind === 'generation' || kind === 'upload') ? USER_ACTIONS : [];
}

/**
 * What may be decided on this case, in the order of the buttons: the server said what is allowed, blocking also comes with an act on the person,
 * and handing it on stands last.
 */
export function choicesOf(dossier: Pick<Dossier, 'policy' | 'kind' | 'user'>): readonly Choice[] {
  const said = dossier.policy.decisions.map((one): AllowedDecision => (typeof one === 'string' ? withNeeds(one) : one));
  const allowed = [...said.filter(({ name }) => name !== 'escalate'), ...said.filter(({ name }) => name === 'escalate')];
  return allowed.flatMap((one) => {
    const plain = choice(one.name, one);
    const canActOnUser = one.name === 'block' && userActionsOf(dossier).length > 0;
    return canActOnUser ? [plain, { ...choice('block_user', one), decision: 'block', needsUserAction: true, needsNote: true }] : [plain];
  });
}

function withNeeds(name: string): AllowedDecision {
  return {
    name,
    needs_reason: ['block', 'uphold', 'partly', 'overturn', 'keep', 'remove', 'remove_and_list'].includes(name),
    needs_note: ['escalate', 'partly', 'reject'].includes(name),
  };
}

function choice(id: string, { name, needs_reason = false, needs_note = false, is_final = false, second_review }: AllowedDecision): Choice {
  const [icon, tone] = LOOKS[id] ?? ['more', 'plain'];
  return {
    id,
    decision: name,
    icon,
    tone,
    needsReason: needs_reason,
    needsNote: needs_note,
    needsRegion: name === 'edit',
    needsUserAction: false,
    needsPlace: name === 'escalate',
    secondReview: second_review,
    isFinal: is_final,
  };
}

/** The reasons for a decision: those that speak for letting it go after an allow, those against after a block; all before a choice. */
export function reasonsFor({ policy }: Pick<Dossier, 'policy'>, chosen: Choice | undefined): Dossier['policy']['reasons'] {
  const side = chosen?.tone === 'bad' ? 'against' : chosen?.tone === 'good' ? 'for' : null;
  return side === null ? policy.reasons : [...policy.reasons].sort((a, b) => Number(b.side === side) - Number(a.side === side));
}

/** What a reviewer has filled in. */
export interface Form {
  readonly choice: string | null;
  readonly reasons: readonly string[];
  readonly note: string;
  readonly regions: readonly Region[];
  readonly userAction: string;
  /** How long, where the act on the user ends by itself. */
  readonly userActionDays: number;
  readonly place: string;
  readonly wholeCluster: boolean;
}

export const EMPTY_FORM: Form = {
  choice: null,
  reasons: [],
  note: '',
  regions: [],
  userAction: 'warn',
  userActionDays: 7,
  place: 'senior',
  wholeCluster: false,
};

export type Lack = 'choice' | 'reason' | 'note' | 'region';

/** What is still missing before it can be sent. */
export function lackOf(form: Form, chosen: Choice | undefined): Lack | null {
  if (chosen === undefined) return 'choice';
  if (chosen.needsReason && form.reasons.length === 0) return 'reason';
  if (chosen.needsNote && form.note.trim() === '') return 'note';
  if (chosen.needsRegion && form.regions.length === 0) return 'region';
  return null;
}

/** The form as the server takes it. */
export function requestOf(form: Form, chosen: Choice, policy: string, lease: Lease | null): DecisionRequest {
  return {
    decision: chosen.decision,
    policy,
    ...(form.reasons.length > 0 ? { reasons: [...form.reasons] } : {}),
    ...(form.note.trim() === '' ? {} : { note: form.note.trim() }),
    ...(chosen.needsRegion ? { regions: [...form.regions] } : {}),
    ...(chosen.needsUserAction ? { user_action: form.userAction, ...daysOf(form) } : {}),
    ...(chosen.needsPlace ? { escalate_to: form.place } : {}),
    ...(form.wholeCluster ? { apply_to_cluster: true } : {}),
    ...(lease === null ? {} : { lease: lease.id, fence: lease.fence }),
  };
}

/** Acts on a user that end by themselves. */
export const TIMED_ACTIONS: readonly string[] = ['limit', 'suspend'];

function daysOf({ userAction, userActionDays }: Form): { user_action_days?: number } {
  return TIMED_ACTIONS.includes(userAction) ? { user_action_days: userActionDays } : {};
}

export function draftOf({ choice, reasons, note, regions }: Form): Draft {
  return { decision: choice === 'block_user' ? 'block' : choice, reasons: [...reasons], note, regions: [...regions] };
}

/** A stored draft, as far as its choices still exist. */
export function formOf(draft: Draft | null, choices: readonly Choice[]): Form {
  if (draft === null) return EMPTY_FORM;
  const decision = choices.find(({ id }) => id === draft.decision)?.id ?? null;
  return { ...EMPTY_FORM, choice: decision, reasons: draft.reasons ?? [], note: draft.note ?? '', regions: draft.regions ?? [] };
}
