import { z } from 'zod';
import type { GateBook } from '../access/gates/gate-book.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { isId, type StaffId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import { type Activation, activate, activationOfCase, activeOf, endAsked } from '../policy/history/activations.ts';
import { exceptionOfCase, settleException } from '../policy/history/exception-store.ts';
import { nextRegistryVersion } from '../registries/registry-version.ts';
import { boardsOf, votesOf } from '../review/approvals.ts';
import type { OtherCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { OtherEffect } from './settle-decision.ts';

interface SettleApprovalParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly gates: Pick<GateBook, 'set'>;
  /** Brings this process up to what was decided; the others look by themselves. */
  readonly refresh: () => Promise<void>;
}

/**
 * What follows when the last board approved, or one did not, or nobody spoke in time: a policy comes into force or an exception opens, or it stays as it
 * is. Boards approve the change that they saw: if another policy came into force meanwhile, nothing happens. Run again, it happens once.
 */
async function settleApproval(found: OtherCase, made: CaseDecision, parts: SettleApprovalParts): Promise<void> {
  await parts.db.transaction(async (tx) => {
    // The lock of all changes of policy: two cases that end at once follow each other.
    await nextRegistryVersion(tx, 'policy');
    await settlePolicy(tx, found, made, parts);
    await openOrReject(tx, found, made, parts);
  });
  await launch(found, made, parts);
  await parts.refresh();
}

/** The effect of approvals, for whoever settles decisions. */
export function approvalEffect(parts: SettleApprovalParts): OtherEffect {
  return (found, made) => settleApproval(found, made, parts);
}

const launching = z.object({ what: z.literal('launch'), capability: z.string() });

/** A capability that was approved is on for all, until somebody turns it. What there is not any more stays as it is. */
async function launch(found: OtherCase, made: CaseDecision, { db, gates, journal }: SettleApprovalParts): Promise<void> {
  const asked = launching.safeParse(found.subject);
  if (!asked.success || made.decision !== 'approve' || made.by === 'timer' || !(await isUnanimous(db, found))) return;
  const { capability } = asked.data;
  const wish = { capability, rule: { state: 'on' as const }, reason: `approved: ${found.id}`, by: staffOf(made.by) };
  await gates.set(wish).catch(async (error: unknown) => {
    if (!(error instanceof ImprimaturError) || error.retryable) throw error;
    await db.transaction((tx) => journal.recordIn(tx, {}, [{ kind: 'launch.failed', case: found.id, capability, code: error.code }]));
  });
}

function staffOf(by: string): StaffId {
  if (by === 'local' || isId('key', by) || isId('user', by)) return by;
  throw new ImprimaturError('INTERNAL', { detail: 'an approval was decided by nobody that is known' });
}

async function settlePolicy(tx: Queryable, found: OtherCase, made: CaseDecision, { journal }: SettleApprovalParts): Promise<void> {
  const asked = await activationOfCase(tx, found.id);
  if (asked === null || asked.state !== 'asked') return;
  const inForce = (await activeOf(tx))?.digest ?? null;
  const ends = await endOf(tx, asked, { found, made, inForce });
  if (ends === 'active') await activate(tx, asked);
  else await endAsked(tx, asked.id, ends);
  const about = { case: found.id, digest: asked.digest, from: asked.replaces ?? '', by: speakerOf(made) };
  await journal.recordIn(tx, {}, [
    ends === 'active'
      ? { kind: 'policy.activated', ...about, approvals: await approvalsOf(tx, found) }
      : { kind: 'policy.not_activated', ...about, because: ends },
  ]);
}

async function endOf(
  tx: Queryable,
  asked: Activation,
  { found, made, inForce }: { readonly found: OtherCase; readonly made: CaseDecision; readonly inForce: string | null },
): Promise<'active' | 'rejected' | 'overtaken'> {
  if (made.decision !== 'approve' || !(await isUnanimous(tx, found))) return 'rejected';
  return inForce === asked.replaces ? 'active' : 'overtaken';
}

async function openOrReject(tx: Queryable, found: OtherCase, made: CaseDecision, { journal }: SettleApprovalParts): Promise<void> {
  const asked = await exceptionOfCase(tx, found.id);
  if (asked === null || asked.state !== 'asked') return;
  const inForce = (await activeOf(tx))?.digest;
  const isOpen = made.decision === 'approve' && (await isUnanimous(tx, found)) && inForce === asked.digest && asked.until > new Date();
  await settleException(tx, asked.id, isOpen ? 'open' : 'rejected');
  const { id, rule, surface, application, until } = asked;
  const about = { case: found.id, exception: id, rule, surface, until: until.toISOString(), by: speakerOf(made) };
  const scope = application === null ? {} : { application };
  await journal.recordIn(tx, {}, [
    isOpen
      ? { kind: 'exception.opened', ...about, ...scope, approvals: await approvalsOf(tx, found) }
      : { kind: 'exception.refused', ...about, ...scope },
  ]);
}

/** Asked of the votes themselves, so that no single decision can stand for all of them. */
async function isUnanimous(db: Queryable, found: OtherCase): Promise<boolean> {
  const votes = await votesOf(db, found.id);
  const speakers = new Set(votes.map(({ by }) => by));
  return speakers.size === votes.length && boardsOf(found).every((board) => votes.some((one) => one.board === board && one.approves));
}

async function approvalsOf(tx: Queryable, found: OtherCase) {
  return (await votesOf(tx, found.id)).map(({ board, by, given_at: at }) => ({ board, by: `operator:${by}`, at: at.toISOString() }));
}

function speakerOf({ by }: CaseDecision): string {
  return by === 'timer' ? by : `operator:${by}`;
}
