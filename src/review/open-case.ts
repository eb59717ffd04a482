import type { Category } from '../contracts/category.ts';
import { type CaseId, type DecisionId, type GenerationId, type Id, newId, type StaffId } from '../contracts/ids.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import type { CaseRow } from '../storage/act.ts';
import type { Queryable } from '../storage/database.ts';
import { type Queues, queueFor, SHIPPED_QUEUES } from './queues.ts';

/** What a case is about. Other kinds than our own holds name what they are about by ids. */
export type CaseSubject =
  | { readonly kind: 'generation'; readonly generationId: GenerationId; readonly stage: string; readonly decisionId: DecisionId }
  | { readonly kind: 'upload'; readonly uploadId: Id<'upl'> }
  | {
      readonly kind: 'appeal' | 'notice' | 'approval' | 'campaign';
      /** Ids and codes only: nothing that a person wrote. */
      readonly ids: Readonly<Record<string, string | readonly string[]>>;
      readonly generationId?: GenerationId;
    };

export interface NewCase {
  readonly id: CaseId;
  readonly about: CaseSubject;
  readonly openedAt: Date;
  readonly categories: readonly Category[];
  readonly region?: string;
  /** ISO 639. */
  readonly language?: string;
  readonly surface?: string;
  /** Keyed digest of the prompt as it reads once tricks are undone. */
  readonly promptDigest?: string;
  /** Keyed digest of the end user for whom it was asked. */
  readonly userDigest?: string;
  /** Who may not decide it. */
  readonly excluded?: readonly StaffId[];
}

/** The row of a case, with the queue that it waits in. Suspected child abuse material is restricted from its first moment. */
export function caseRow(one: NewCase, queues: Queues = SHIPPED_QUEUES): CaseRow {
  const {
    id,
    about,
    openedAt,
    categories,
    region = null,
    language = null,
    surface = null,
    promptDigest = null,
    userDigest = null,
    excluded = [],
  } = one;
  const queue = queueFor({ kind: about.kind, categories, region, language, surface }, queues);
  return {
    id,
    kind: about.kind,
    generation_id: about.kind === 'upload' ? null : (about.generationId ?? null),
    stage: stageOf(about),
    decision_id: about.kind === 'generation' ? about.decisionId : null,
    upload_id: about.kind === 'upload' ? about.uploadId : null,
    subject: about.kind === 'generation' || about.kind === 'upload' ? null : about.ids,
    queue: queue.id,
    restricted: queue.id === 'child_safety',
    categories: [...categories],
    region,
    language,
    prompt_digest: promptDigest,
    user_digest: userDigest,
    excluded: [...excluded],
    opened_at: openedAt.toISOString(),
  };
}

function stageOf(about: CaseSubject): string | null {
  if (about.kind === 'upload') return 'upload';
  return about.kind === 'generation' ? about.stage : null;
}

interface OpenCaseParts {
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly queues?: Queues;
}

/** What opened a case, without the id of the case, which is added. */
type OpeningEntry = Omit<EntryBody, 'case'> & { readonly kind: string };

/**
 * The one way to open a case inside a transaction: its row, the clocks that start with it and the ledger entry of what opened it. A hold of our own
 * goes the same way through its act (`caseRow` in `Act.openCase`).
 */
export async function openCase(
  tx: Queryable,
  one: Omit<NewCase, 'id' | 'openedAt'> & Partial<Pick<NewCase, 'id' | 'openedAt'>>,
  entry: OpeningEntry,
  { journal, queues }: OpenCaseParts,
): Promise<CaseId> {
  const id = one.id ?? newId('case');
  const row = caseRow({ ...one, id, openedAt: one.openedAt ?? new Date() }, queues);
  await journal.recordIn(tx, { openCase: row }, [{ ...entry, case: id }]);
  return id;
}
