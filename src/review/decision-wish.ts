import type { Decision } from '../contracts/decision.ts';
import type { CaseId } from '../contracts/ids.ts';
import type { EntryBody, Journal, RowsWithLeaves } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { CaseClosed, ReviewCase } from './case-store.ts';
import type { CaseDecision, Region, UserAction } from './decision-store.ts';
import type { Queues } from './queues.ts';
import type { SecondReviewRule } from './second-review.ts';
import type { LeaseClaim, Staff } from './sight.ts';
import type { CaseDecisionName, Transition } from './transitions.ts';

/** What somebody wants to decide. */
export interface DecisionWish {
  readonly caseId: CaseId;
  /** Null: the policy's timer speaks, since nobody else did. */
  readonly staff: Staff | null;
  readonly decision: CaseDecisionName;
  readonly policy: string | null;
  readonly reasons: readonly string[];
  readonly note: string | null;
  readonly regions: readonly Region[];
  readonly userAction: UserAction | null;
  /** For how long, where the action has an end. */
  readonly userActionDays: number | null;
  readonly escalateTo: string | null;
  /** Null: a script, which claims and decides in one step. */
  readonly lease: LeaseClaim | null;
  /** Of several cases that are decided together: by this they can be taken back together. */
  readonly batch: string | null;
  /** How long it can be taken back before it takes effect. */
  readonly undoSeconds: number;
}

/** A wish that says nothing more: it takes effect at once, as a script's does. */
export function plainWish(wish: Pick<DecisionWish, 'caseId' | 'staff' | 'decision'> & Partial<DecisionWish>): DecisionWish {
  const nothing = {
    policy: null,
    reasons: [],
    note: null,
    regions: [],
    userAction: null,
    userActionDays: null,
    escalateTo: null,
    lease: null,
    batch: null,
    undoSeconds: 0,
  };
  return { ...nothing, ...wish };
}

/** What the decision on a generation or file writes beside the case. */
export interface DecisionWrites {
  readonly rows: RowsWithLeaves;
  readonly entry: EntryBody;
  readonly decision: Pick<Decision, 'id'> | null;
  /** Nothing is left to do once it is written. */
  readonly isDone: boolean;
}

/** A replay changes nothing but itself. */
export const NO_WRITES: DecisionWrites = { rows: () => ({}), entry: { kind: 'case.decided' }, decision: null, isDone: true };

/** Cases that were decided before and are shown again to learn how well people decide. Nothing follows from them. */
export interface Replays {
  isReplay(db: Queryable, caseId: CaseId): Promise<boolean>;
  /** Called in the transaction of every decision. True: it was a replay, and this is all that becomes of it. */
  settle(tx: Queryable, said: Pick<CaseDecision, 'decision' | 'policy' | 'reasons'> & SaidBy): Promise<boolean>;
}

interface SaidBy {
  readonly caseId: CaseId;
  readonly staff: string;
  readonly at: Date;
}

export interface RecordParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly queues: Queues;
  readonly secondReview?: readonly SecondReviewRule[];
  readonly closed?: CaseClosed;
  readonly replays?: Replays;
  /** What starts again when a decision is taken back. */
  readonly reopened?: CaseClosed;
  /** The process that makes a decision happen which cannot be taken back, as soon as it is written: no other takes it up meanwhile. */
  readonly settlesAs?: string;
}

/** `waits`: it is on record, and somebody else has to speak too. `repeated`: the same was asked again; nothing changed. */
export interface Recorded {
  readonly kind: 'decided' | 'waits' | 'repeated';
  readonly decision: CaseDecision;
}

/** One decision on its way through the checks. */
export interface DecisionStep {
  readonly tx: Queryable;
  /** Locked. */
  readonly found: ReviewCase;
  readonly wish: DecisionWish;
  readonly transition: Transition;
  readonly parts: RecordParts;
}
