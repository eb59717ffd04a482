import { z } from 'zod';
import type { NoticeId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Queryable } from '../../storage/database.ts';
import { NOTICE_KINDS } from './notice-kinds.ts';
import { type NoticeBody, noticeBody } from './notice-wish.ts';

export const NOTICE_STATES = ['open', 'decided', 'withdrawn'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];
/** `listed`: nothing of ours was found, and its hash keeps it from being made or posted. */
export const NOTICE_OUTCOMES = ['removed', 'listed', 'kept'] as const;
export type NoticeOutcome = (typeof NOTICE_OUTCOMES)[number];

const row = z.object({
  id: z.templateLiteral(['ntc_', z.string()]),
  receipt: z.string(),
  secret_hash: z.instanceof(Uint8Array),
  case_id: z.templateLiteral(['case_', z.string()]),
  kind: z.enum(NOTICE_KINDS),
  lane: z.enum(['public', 'trusted']),
  flagger_id: z.string().nullable(),
  state: z.enum(NOTICE_STATES),
  outcome: z.enum(NOTICE_OUTCOMES).nullable(),
  body: z.instanceof(Uint8Array).nullable(),
  picture_blob: z.string().nullable(),
  region: z.string().nullable(),
  language: z.string(),
  received_at: z.date(),
  decided_at: z.date().nullable(),
  withdrawn_at: z.date().nullable(),
});

/** A notice as it stands. */
export type Notice = z.output<typeof row>;

const COLUMNS = `n.id, n.receipt, n.secret_hash, n.case_id, n.kind, n.lane, n.flagger_id, n.state, n.outcome, n.body, n.picture_blob, n.region, n.language,
  n.received_at, n.decided_at, n.withdrawn_at`;

async function some(db: Queryable, where: string, values: readonly unknown[]): Promise<readonly Notice[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from notices n where ${where}`, values });
  return rows.map((found) => row.parse(found));
}

export const findNotice = async (db: Queryable, id: NoticeId) => (await some(db, 'n.id = $1', [id]))[0] ?? null;
export const noticeByReceipt = async (db: Queryable, receipt: string) => (await some(db, 'n.receipt = $1', [receipt]))[0] ?? null;
/** Those that were joined into one case, the first one first. */
export const noticesOfCase = (db: Queryable, caseId: string) => some(db, 'n.case_id = $1 order by n.received_at, n.id', [caseId]);

const listed = row.extend({ due_at: z.date().nullable(), duplicates: z.coerce.number() });

/** A notice with what its case says. */
export type ListedNotice = z.output<typeof listed>;

interface NoticePage {
  readonly states: readonly NoticeState[];
  readonly limit: number;
  readonly after?: string | undefined;
  /** Suspected child abuse too. */
  readonly restricted: boolean;
}

/** Newest first; none of a restricted case unless asked for. */
export async function listNotices(db: Queryable, { states, limit, after, restricted }: NoticePage): Promise<readonly ListedNotice[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS}, c.first_due_at as due_at, (select count(*) - 1 from notices o where o.case_id = n.case_id) as duplicates
           from notices n join cases c on c.id = n.case_id
           where n.state = any($1) and (not c.restricted or $2)
             and ($3::text is null or (n.received_at, n.id) < (select received_at, id from notices where id = $3))
           order by n.received_at desc, n.id desc limit $4`,
    values: [states, restricted, after ?? null, limit],
  });
  return rows.map((found) => listed.parse(found));
}

const pictureRow = z.object({ notice: z.string(), blob: z.string(), sha256: z.string() });

/** What the reporters of a case sent, each picture once. */
export async function reportedPictures(db: Queryable, caseId: string): Promise<readonly z.output<typeof pictureRow>[]> {
  const { rows } = await db.query({
    text: `select distinct on (picture_sha256) id as notice, picture_blob as blob, picture_sha256 as sha256 from notices
           where case_id = $1 and picture_blob is not null and picture_sha256 is not null order by picture_sha256, id limit 20`,
    values: [caseId],
  });
  return rows.map((found) => pictureRow.parse(found));
}

/** Pictures of ours that a case is about. */
export async function targetsOfCase(db: Queryable, caseId: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ artifact_id: string }>({
    text: 'select distinct t.artifact_id from notice_targets t join notices n on n.id = t.notice_id where n.case_id = $1 order by 1',
    values: [caseId],
  });
  return rows.map(({ artifact_id }) => artifact_id);
}

export async function sealBody(id: NoticeId, body: NoticeBody, evidence: Pick<EvidenceStore, 'sealValue'>): Promise<Uint8Array> {
  return evidence.sealValue({ id, kind: 'notice', bytes: Buffer.from(JSON.stringify(body)) });
}

/** Null when it was deleted. @throws ImprimaturError EVIDENCE_UNREADABLE */
export async function openBody({ id, body }: Notice, evidence: Pick<EvidenceStore, 'openValue'>): Promise<NoticeBody | null> {
  if (body === null) return null;
  const bytes = await evidence.openValue({ id, kind: 'notice', sealed: body });
  return noticeBody.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
