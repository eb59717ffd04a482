import { addMeasure, type Lift, liftMeasures, type Measure, type MeasureKind, measuresBecauseOf } from '../access/standing/measure.ts';
import { announce } from '../announcements/announce.ts';
import type { Category } from '../contracts/category.ts';
import { newId } from '../contracts/ids.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import type { GenerationCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import { dayOf, type ReasonsRecord } from '../review/statements/reasons-record.ts';
import type { DecisionRow } from '../storage/act.ts';
import type { Queryable } from '../storage/database.ts';
import { consequenceOf, restingOnTooFew } from './follow-strikes.ts';

export interface ActOnUserParts {
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly policy: Pick<CompiledPolicy, 'ref'> & { readonly document: Pick<PolicyDocument, 'strikes'> };
}

/** What a person decided about an end user. */
export interface UserAct {
  readonly application: string;
  readonly userDigest: string;
  readonly action: MeasureKind;
  /** Of `limit` and `suspend`; null: as long as they last where nobody says. */
  readonly days: number | null;
  readonly caseId: string | null;
  /** One decision does one thing to one person once, however often it is tried. */
  readonly caseDecisionId: string | null;
  /** What led to it: its key reads the statement of reasons. Null: nobody is told but by webhook. */
  readonly about: { readonly generationId: string; readonly madeOn: Date; readonly stage: 'prompt' | 'output' } | null;
  readonly categories: readonly Category[];
  readonly reasons: readonly string[];
  readonly by: string;
}

const DEFAULT_DAYS = 7;
const DAY_MS = 86_400_000;

/** What the DSA wants a statement of reasons for (article 17(1)(b) to (d)): a word of warning restricts nobody. */
const RESTRICTIONS: Readonly<Partial<Record<MeasureKind, ReasonsRecord['restriction']>>> = {
  limit: 'account_limited',
  suspend: 'account_suspended',
  ban: 'account_ended',
};

/**
 * Acts on an end user in the transaction of whoever decided, with the ledger entry, the statement of reasons and the event for the platform. In force with their
 * next request, in every process.
 */
export async function actOnUser(tx: Queryable, act: UserAct, { journal, policy }: ActOnUserParts): Promise<Measure | null> {
  const hasEnd = act.action === 'limit' || act.action === 'suspend';
  const until = hasEnd ? new Date(Date.now() + (act.days ?? DEFAULT_DAYS) * DAY_MS) : null;
  const decision = statedDecision(act, until, policy);
  const by = spoken(act.by);
  if (decision !== null) {
    const common = { generation: decision.generation_id, decision: decision.id, stage: 'review', action: 'block', policy: decision.policy };
    if (await isDone(tx, act)) return null;
    await journal.recordIn(tx, { decision }, [{ kind: 'decision.made', ...common, ...caseOf(act), user_action: act.action, by }]);
  }
  const { application, userDigest, action, reasons, caseId, caseDecisionId, about } = act;
  const generationId = about?.generationId ?? null;
  const common = { application, userDigest, action, until, reasons, caseId, caseDecisionId, generationId };
  const made = await addMeasure(tx, { ...common, decisionId: decision?.id ?? null, by: act.by });
  if (made === null) return null;
  const end = until === null ? {} : { until: until.toISOString() };
  const entry = { kind: 'user.measure_imposed', measure: made.id, action, ...end, ...caseOf(act), reasons: [...reasons], by };
  await journal.recordIn(tx, {}, [generationId === null ? entry : { ...entry, generation: generationId }]);
  const data = { measure: made.id, action, until: until?.toISOString() ?? null, generation: generationId, case: caseId };
  // Of suspected child abuse material nobody outside is told that a person looked.
  if (!made.restricted) await announce(tx, { type: 'user.measure_imposed', application, data });
  if (action === 'strike') await followStrikes(tx, act, { journal, policy });
  return made;
}

/** What the policy says of so many strikes, as an act of its own with all that belongs to one. */
async function followStrikes(tx: Queryable, strike: UserAct, parts: ActOnUserParts): Promise<void> {
  const follows = await consequenceOf(tx, strike, parts.policy.document.strikes ?? []);
  if (follows === null) return;
  const { action, days, reason, about } = follows;
  await actOnUser(tx, { ...strike, action, days, about, reasons: [...strike.reasons, reason], by: 'policy' }, parts);
}

const caseOf = ({ caseId }: UserAct) => (caseId === null ? {} : { case: caseId });
const spoken = (by: string) => (by === 'timer' || by === 'policy' ? by : `operator:${by}`);

async function isDone(tx: Queryable, { caseDecisionId, userDigest, action }: UserAct): Promise<boolean> {
  const text = 'select 1 from user_measures where case_decision_id = $1 and user_digest = $2 and action = $3';
  return (await tx.query({ text, values: [caseDecisionId, userDigest, action] })).rowCount > 0;
}

/** A decision on the generation that led to it, so that the person gets its reasons and may appeal it by itself. */
function statedDecision(act: UserAct, until: Date | null, { ref }: ActOnUserParts['policy']): DecisionRow | null {
  const restriction = RESTRICTIONS[act.action];
  if (restriction === undefined || act.about === null) return null;
  const { generationId, madeOn, stage } = act.about;
  const decidedAt = new Date();
  const id = newId('dec');
  const isPolicy = act.by === 'timer' || act.by === 'policy';
  const reasons: ReasonsRecord = {
    puid: id,
    restriction,
    content: stage === 'prompt' ? 'text' : 'picture',
    categories: [...act.categories],
    contentOn: dayOf(madeOn),
    decidedOn: dayOf(decidedAt),
    detection: 'automated',
    decision: isPolicy ? 'fully' : 'partially',
    source: 'own',
    by: isPolicy ? 'policy' : 'operator',
    policy: `${ref.name}@${ref.version}`,
    law: null,
    endsOn: until === null ? null : dayOf(until),
  };
  const body = {
    id,
    action: 'block',
    stage: 'review',
    policy: ref,
    rules: [],
    findings: [],
    categories: act.categories,
    obligations: { credential: true, label: false, watermark: 'off' },
    decidedAt,
    decidedBy: isPolicy ? { kind: 'policy' } : { kind: 'operator', keyId: act.by },
    ...(act.caseId === null ? {} : { caseId: act.caseId }),
    reasons,
  };
  const policy = formatPolicyRef(ref);
  return { id, generation_id: generationId, stage: 'review', action: 'block', policy, body, decided_at: decidedAt.toISOString() };
}

/** What a decision on the case of a generation does to whoever asked; what an earlier one did is taken back where this one lets go. */
export async function actAsDecided(tx: Queryable, found: GenerationCase, made: CaseDecision, parts: ActOnUserParts): Promise<void> {
  if (made.decision !== 'block') {
    await liftOfCase(tx, found.id, { by: made.by, reason: 'correction' }, parts.journal);
    return;
  }
  const { user_action: action, user_action_days: days } = made;
  if (action === null || found.userDigest === null) return;
  const text = 'select application, created_at from generations where id = $1';
  const { rows } = await tx.query<{ application: string; created_at: Date }>({ text, values: [found.generationId] });
  for (const { application, created_at: madeOn } of rows) {
    const { userDigest, categories, stage, generationId } = found;
    const about = { generationId, madeOn, stage };
    const because = { caseId: found.id, caseDecisionId: made.id, about, categories, reasons: made.reasons, by: made.by };
    await actOnUser(tx, { application, userDigest, action, days, ...because }, parts);
  }
}

/** Takes back what a case did to people. @returns how many are free of it now */
export async function liftOfCase(tx: Queryable, caseId: string, lift: Lift, journal: Pick<Journal, 'recordIn'>): Promise<number> {
  return (await liftAll(tx, await measuresBecauseOf(tx, { caseId }), lift, journal)).length;
}

/** Takes back what followed from a decision that was appealed: the one on the person, or the block that it came with. */
export async function liftOfDecision(tx: Queryable, decisionId: string, lift: Lift, journal: Pick<Journal, 'recordIn'>): Promise<number> {
  return (await liftAll(tx, await measuresBecauseOf(tx, { decisionId }), lift, journal)).length;
}

/** Ends measures with their ledger entries and events. @returns those that were in force until now */
export async function liftAll(
  tx: Queryable,
  ids: readonly string[],
  lift: Lift,
  journal: Pick<Journal, 'recordIn'>,
): Promise<readonly Measure[]> {
  const lifted = ids.length === 0 ? [] : await liftMeasures(tx, ids, lift);
  const entries = lifted.map(
    ({ id, action }): EntryBody => ({ kind: 'user.measure_lifted', measure: id, action, reason: lift.reason, by: spoken(lift.by) }),
  );
  const [first, ...rest] = entries;
  if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
  for (const { id: measure, action, application, generationId: generation } of lifted.filter(({ restricted }) => !restricted)) {
    await announce(tx, { type: 'user.measure_lifted', application, data: { measure, action, generation } });
  }
  return [...lifted, ...(await liftWhatRestedOn(tx, lifted, lift, journal))];
}

/** What followed from strikes goes when too few of them are left. */
async function liftWhatRestedOn(
  tx: Queryable,
  lifted: readonly Measure[],
  { by }: Lift,
  journal: Pick<Journal, 'recordIn'>,
): Promise<readonly Measure[]> {
  const [strike] = lifted.filter(({ action }) => action === 'strike');
  if (strike === undefined) return [];
  return liftAll(tx, await restingOnTooFew(tx, strike), { by, reason: 'strikes' }, journal);
}
