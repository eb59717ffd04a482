import type { StaffId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { openPrompt } from '../../generations/open-prompt.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { personalDataIn } from '../statements/personal-data.ts';
import { decidedCases, type ExportScope } from './decided-cases.ts';
import { type ExportForm, trainingRows } from './training-rows.ts';

interface ExportParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: EvidenceStore;
}

interface ExportWish extends ExportScope {
  readonly form: ExportForm;
  readonly by: StaffId;
}

/** What was given out, and what was not. */
export interface DecisionExport {
  /** One JSON object a line. */
  readonly jsonl: string;
  readonly rows: number;
  readonly cases: number;
  readonly left: {
    /** The prompt seems to name or lead to somebody. */
    readonly personal: number;
    /** Deleted by retention or on request, or sealed with a key that is gone. */
    readonly deleted: number;
    /** People disagreed and nobody has said who was right. */
    readonly unsettled: number;
  };
}

/**
 * Decisions as training data. The ledger says who took how much before anything is given out; the prompts themselves stand in no ledger and in no log.
 * @throws ImprimaturError STORAGE_UNAVAILABLE
 */
export async function exportDecisions({ form, by, ...scope }: ExportWish, { db, journal, evidence }: ExportParts): Promise<DecisionExport> {
  const found = await decidedCases(db, scope);
  const left = { personal: 0, deleted: 0, unsettled: 0 };
  const lines: string[] = [];
  for (const decided of found) {
    if (!decided.isSettled) {
      left.unsettled += 1;
      continue;
    }
    const prompt = await openPrompt({ id: decided.generationId, submission: decided.submission }, evidence);
    if (prompt === null) left.deleted += 1;
    else if (personalDataIn(prompt.text).length > 0) left.personal += 1;
    else for (const row of trainingRows({ ...decided, prompt: prompt.text }, form)) lines.push(JSON.stringify(row));
  }
  const made = { form, rows: lines.length, cases: found.length, applications: [...scope.applications] };
  await journal.record({}, [
    { kind: 'decisions.exported', ...made, from: scope.from.toISOString(), to: scope.to.toISOString(), by: `operator:${by}` },
  ]);
  return { jsonl: lines.map((line) => `${line}\n`).join(''), rows: lines.length, cases: found.length, left };
}
