import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { isExceptable } from '../policy/exceptions.ts';
import { addAsked, listActivations } from '../policy/history/activations.ts';
import { addException, type NewException, newExceptionId, type StoredException } from '../policy/history/exception-store.ts';
import { findVersion } from '../policy/history/policy-versions.ts';
import { nextRegistryVersion } from '../registries/registry-version.ts';
import { BOARDS, openApproval } from '../review/approvals.ts';
import type { Queues } from '../review/queues.ts';
import type { Database } from '../storage/database.ts';

interface AskParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly queues: Queues;
  /** In force. */
  readonly policy: Pick<CompiledPolicy, 'ref' | 'document'>;
}

/**
 * Asks all boards to put a policy into force in place of the one that is. Asked twice, it is one case.
 * @throws ImprimaturError NOT_FOUND, REQUEST_INVALID when it is in force, or its cases do not hold
 */
export function askActivation(digest: string, by: StaffId, { db, journal, queues, policy }: AskParts): Promise<CaseId> {
  return db.transaction(async (tx) => {
    await nextRegistryVersion(tx, 'policy');
    const version = await findVersion(tx, digest);
    if (version === null) throw new ImprimaturError('NOT_FOUND');
    if (digest === policy.ref.digest) throw new ImprimaturError('REQUEST_INVALID', { hint: 'This policy is in force.' });
    if (version.tests !== null && version.tests.failed.length > 0)
      throw new ImprimaturError('REQUEST_INVALID', { hint: 'Its cases do not hold. Propose it again with cases that say what it does.' });
    const waiting = (await listActivations(tx, digest)).find(({ state }) => state === 'asked');
    if (waiting !== undefined && waiting.case_id !== null) return waiting.case_id;
    const ids = { digest, replaces: policy.ref.digest };
    const caseId = await openApproval(tx, { what: 'policy_activation', ids, boards: BOARDS, by }, { journal, queues });
    await addAsked(tx, { digest, replaces: policy.ref.digest, caseId, by });
    return caseId;
  });
}

/** Long enough for a campaign; what is needed for longer belongs into the policy. */
const LONGEST_DAYS = 90;

interface ExceptionWish extends Pick<NewException, 'rule' | 'surface' | 'application' | 'reason' | 'until'> {
  readonly by: StaffId;
}

/**
 * Asks all boards that a rule of the policy in force stop nothing on a surface for a while.
 * @throws ImprimaturError REQUEST_INVALID for a rule that nothing may be excepted from, or an end that is past or too far
 */
export function askException(
  wish: ExceptionWish,
  { db, journal, queues, policy }: AskParts,
): Promise<{ readonly id: StoredException['id']; readonly caseId: CaseId }> {
  const { rule, surface, application, until, by } = wish;
  if (!isExceptable(rule, policy.document)) {
    const hint =
      'Name a rule of the policy in force that holds or blocks, or a threshold such as "threshold:hate:hold". Floors have no exception.';
    throw new ImprimaturError('REQUEST_INVALID', { param: 'rule', hint });
  }
  const left = until.getTime() - Date.now();
  if (left <= 0 || left > LONGEST_DAYS * 86_400_000)
    throw new ImprimaturError('REQUEST_INVALID', { param: 'until', hint: `Within the next ${LONGEST_DAYS} days.` });
  const { digest } = policy.ref;
  const id = newExceptionId();
  return db.transaction(async (tx) => {
    const ids = { exception: id, digest, rule, surface, until: until.toISOString(), ...(application === null ? {} : { application }) };
    const caseId = await openApproval(tx, { what: 'exception', ids, boards: BOARDS, by }, { journal, queues });
    await addException(tx, { ...wish, digest, id, caseId });
    return { id, caseId };
  });
}
