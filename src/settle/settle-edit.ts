import { type AnalyzeParts, analyze } from '../analyze/analyze.ts';
import type { Decided } from '../contracts/cleared.ts';
import type { Analyzed, Rendered } from '../contracts/stages.ts';
import { type JudgeAgainParts, type JudgedAgain, judgeAgain } from '../decide/judge-again.ts';
import { decisionsOf } from '../generations/stored-decisions.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import type { CaseClosed, GenerationCase } from '../review/case-store.ts';
import type { CaseDecision } from '../review/decision-store.ts';
import { holdAgain } from '../review/hold-again.ts';
import type { EditPictures } from '../review/pictures/edit-pictures.ts';
import type { Database } from '../storage/database.ts';

export interface SettleEditParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly editPictures: EditPictures;
  readonly judge: AnalyzeParts & JudgeAgainParts;
  /** The clocks that stopped run on. */
  readonly reopened?: CaseClosed;
}

interface Editing {
  readonly found: GenerationCase;
  readonly made: CaseDecision;
}

/**
 * The pictures as a person lets them go, once the checks have looked at what is left: an edit is work on a picture that nobody has judged. Null: something
 * new stops them, and the case is open again with that as its reason. Asked again after a failure it does not judge twice.
 */
export async function settleEdit(
  held: Decided<Analyzed>,
  { found, made }: Editing,
  parts: SettleEditParts,
): Promise<Decided<Analyzed> | null> {
  const rendered = await parts.editPictures(held.rendered, made.regions ?? []);
  if (await wasJudged(made, parts)) return { ...held, rendered };
  const analyzed = await analyze(rendered, parts.judge);
  const known = (await decisionsOf(parts.db, found.generationId)).flatMap(({ body }) => body.rules);
  const judged = judgeAgain(analyzed, known, found.id, parts.judge);
  await write(judged, { found, made, changes: changesOf(held.rendered, rendered, made) }, parts);
  return judged.isStopped ? null : { ...held, rendered };
}

/** From which picture to which, and how. */
function changesOf(before: Rendered, after: Rendered, { regions }: CaseDecision) {
  const count = (how: 'blur' | 'crop') => regions?.filter((one) => one.how === how).length ?? 0;
  return after.artifacts.flatMap((artifact, i) => {
    const from = before.artifacts[i];
    if (from === undefined || from.sha256 === artifact.sha256) return [];
    return [{ artifact: artifact.id, from_sha256: from.sha256, sha256: artifact.sha256, blurred: count('blur'), cropped: count('crop') }];
  });
}

interface Written extends Editing {
  readonly changes: ReturnType<typeof changesOf>;
}

function write(
  { decision, isStopped, row, entry }: JudgedAgain,
  { found, made, changes }: Written,
  { db, journal, reopened }: SettleEditParts,
): Promise<void> {
  const edited: EntryBody = {
    kind: 'artifact.edited',
    generation: found.generationId,
    case: found.id,
    decision: made.decision_id ?? '',
    judged: decision.id,
    leaves: !isStopped,
    artifacts: changes,
  };
  return db.transaction(async (tx) => {
    const body = { ...row.body, editOf: made.id, leaves: !isStopped };
    await journal.recordIn(tx, { decision: { ...row, body } }, [entry, edited]);
    if (!isStopped) return;
    await holdAgain(tx, { found, made, decision, because: 'edit_stopped' }, { journal, ...(reopened === undefined ? {} : { reopened }) });
  });
}

async function wasJudged({ id }: CaseDecision, { db }: SettleEditParts): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `select 1 from decisions where generation_id = (select generation_id from cases where id = (select case_id from case_decisions where id = $1))
             and body ->> 'editOf' = $1 and body ->> 'leaves' = 'true' limit 1`,
    values: [id],
  });
  return rowCount > 0;
}
