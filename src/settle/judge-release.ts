import { analyze } from '../analyze/analyze.ts';
import type { Decided } from '../contracts/cleared.ts';
import type { Analyzed } from '../contracts/stages.ts';
import { judgeAgain } from '../decide/judge-again.ts';
import { createCheckRunner } from '../detectors/create-check-runner.ts';
import { decisionsOf } from '../generations/stored-decisions.ts';
import type { GenerationCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import { holdAgain } from '../review/hold-again.ts';
import type { SettleEditParts } from './settle-edit.ts';

interface Releasing {
  readonly found: GenerationCase;
  readonly made: CaseDecision;
}

/**
 * The pictures as they are, once the registers have been asked again: while they waited for a person somebody may have taken a consent back, asked to be
 * protected, or listed a hash. Whatever else was seen in them stays. Null: something stops them that nobody has decided about, and the case is open again with
 * that as its reason.
 */
export async function judgeRelease(
  held: Decided<Analyzed>,
  { found, made }: Releasing,
  { db, journal, judge, reopened }: Pick<SettleEditParts, 'db' | 'journal' | 'judge' | 'reopened'>,
): Promise<Decided<Analyzed> | null> {
  const registers = judge.checks.checks.filter(({ readsRegister }) => readsRegister === true);
  if (registers.length === 0) return held;
  const checks = createCheckRunner({ checks: registers, expected: registers.map(({ id }) => id) });
  const [asked, decisions] = await Promise.all([analyze(held.rendered, { checks }), decisionsOf(db, found.generationId)]);
  const seen = decisions.find(({ id }) => id === found.decisionId)?.body.findings ?? [];
  const isRegister = (check: string) => registers.some(({ id }) => id === check);
  const kept = seen.filter(({ check }) => !isRegister(check));
  // What policy blocks is blocked, however often somebody lets it go: what a person may decide about, policy holds.
  const known = decisions.flatMap(({ body }) => body.rules).filter(({ action }) => action !== 'block');
  // What another policy would make of the rest is no matter of this release.
  const { decision, isStopped, row, entry } = judgeAgain({ ...asked, findings: [...kept, ...asked.findings] }, known, found.id, {
    ...judge,
    mayStop: ({ evidence }) => evidence.some(({ check }) => isRegister(check)),
  });
  if (!isStopped) return held;
  await db.transaction(async (tx) => {
    await journal.recordIn(tx, { decision: row }, [entry]);
    const told = { found, made, decision, because: 'release_stopped' } as const;
    await holdAgain(tx, told, { journal, ...(reopened === undefined ? {} : { reopened }) });
  });
  return null;
}
