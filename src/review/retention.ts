import { z } from 'zod';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { jobKind } from '../jobs/job-kind.ts';
import { enqueue } from '../jobs/job-store.ts';
import type { EntryBody, Journal } from '../ledger/journal.ts';
import type { Database, Queryable, Row } from '../storage/database.ts';

/** How many days what people wrote, and who looked, is kept once nobody needs it; see `docs/review.md`. */
export interface RetentionPlan {
  readonly notices: number;
  readonly reportedPictures: number;
  readonly appeals: number;
  readonly drafts: number;
  readonly looks: number;
  readonly mails: number;
  readonly notes: number;
}

interface RetentionParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
  readonly plan: RetentionPlan;
}

const QUEUE = 'retention';
const AT_ONCE = 500;
const HOUR_MS = 3_600_000;

/** One job for all processes, which comes again each hour. */
export async function scheduleRetention(db: Database): Promise<void> {
  await enqueue(db, [{ queue: QUEUE, uniqueKey: 'only', payload: {} }]);
}

/** Whose case is over, and not about suspected child abuse: of that everything is kept, since it may be evidence of a crime. */
const OVER = `exists (select 1 from cases c where c.id = case_id and c.closed_at is not null and c.settles_at is null and not c.restricted)`;
const DUE = (column: string) => `${column} < clock_timestamp() - make_interval(days => $1)`;

/** Whose case is over as long; but an appeal of it waits, or what was decided still binds a user: then the note is what it is explained by. */
const UNNEEDED = `${DUE('c.closed_at')} and c.settles_at is null and not c.restricted
  and not exists (select 1 from appeals a where a.generation_id = c.generation_id and a.state = 'open')
  and not exists (select 1 from user_measures m where m.case_id = c.id and m.action in ('limit', 'suspend', 'ban') and m.lifted_at is null
    and (m.until is null or m.until > clock_timestamp()))`;

type Subject = Exclude<keyof RetentionPlan, 'reportedPictures'>;

/** What goes by itself, each with the statement that makes it go. The rows of notices and appeals stay: that there was one is part of the record. */
const STATEMENTS: Readonly<Record<Subject, string>> = {
  notices: `with gone as (
      update notices set body = null, url_digests = '{}' where id in (select id from notices n
        where state <> 'open' and body is not null and ${DUE('coalesce(decided_at, withdrawn_at)')} and ${OVER} limit ${AT_ONCE}) returning id
    ), hashes as (delete from notice_hashes where notice_id in (select id from gone))
    select id from gone`,
  appeals: `update appeals set body = null where id in (select id from appeals a
      where state <> 'open' and body is not null and ${DUE('decided_at')} and ${OVER} limit ${AT_ONCE}) returning id`,
  drafts: `delete from case_drafts where (case_id, by) in (select case_id, by from case_drafts where ${DUE('saved_at')} limit ${AT_ONCE}) returning case_id`,
  looks: `delete from case_looks where id in (select id from case_looks where ${DUE('at')} and not restricted order by at limit ${AT_ONCE}) returning id`,
  mails: `delete from mails where id in (select id from mails where ${DUE('created_at')} limit ${AT_ONCE}) returning id`,
  notes: `with said as (
      update case_decisions set note = null where id in (select d.id from case_decisions d join cases c on c.id = d.case_id
        where d.note is not null and ${DUE('d.decided_at')} and ${UNNEEDED} limit ${AT_ONCE}) returning id
    ), voted as (
      update case_approvals set note = null where (case_id, board) in (select v.case_id, v.board from case_approvals v join cases c on c.id = v.case_id
        where v.note is not null and ${DUE('v.given_at')} and ${UNNEEDED} limit ${AT_ONCE}) returning case_id
    )
    select id from said union all select case_id from voted`,
};
const SUBJECTS = ['notices', 'appeals', 'drafts', 'looks', 'mails', 'notes'] as const satisfies readonly Subject[];

const pictureRow = z.object({ id: z.string(), picture_blob: z.string() });

/**
 * Forgets what is older than the plan says, a share at a time, with an entry that says how much of what, and nothing else. Pictures that reporters sent are
 * deleted before the row forgets them: a process that dies between the two deletes them again, which hurts nobody.
 */
export function sweepRetention({ db, journal, evidence, plan }: RetentionParts) {
  return jobKind({
    queue: QUEUE,
    payload: z.object({}),
    concurrency: 1,
    deadlineMs: 60_000,
    maxAttempts: 1_000,
    async work() {
      const pictures = await duePictures(db, plan.reportedPictures);
      for (const { picture_blob: blob } of pictures) await evidence.shred(blob);
      return async (tx) => {
        const gone: [string, number][] = [['reported_pictures', await forgetPictures(tx, pictures)]];
        for (const subject of SUBJECTS) gone.push([subject, await forget(tx, subject, plan[subject])]);
        await tx.query({ text: "delete from case_viewers where seen_at < clock_timestamp() - interval '1 day'" });
        await tx.query({ text: "delete from sign_in_failures where since < clock_timestamp() - interval '1 day'" });
        const entries = gone
          .filter(([, count]) => count > 0)
          .map(([what, count]): EntryBody => ({ kind: 'retention.swept', what, count, by: 'timer' }));
        const [first, ...rest] = entries;
        if (first !== undefined) await journal.recordIn(tx, {}, [first, ...rest]);
        const isMore = gone.some(([, count]) => count >= AT_ONCE);
        return { kind: 'again', at: new Date(Date.now() + (isMore ? 1_000 : HOUR_MS)) };
      };
    },
  });
}

async function forget(tx: Queryable, subject: Subject, days: number): Promise<number> {
  return (await tx.query<Row>({ text: STATEMENTS[subject], values: [days] })).rows.length;
}

async function duePictures(db: Queryable, days: number) {
  const { rows } = await db.query({
    text: `select id, picture_blob from notices n where state <> 'open' and picture_blob is not null and ${DUE('coalesce(decided_at, withdrawn_at)')} and ${OVER}
           limit ${AT_ONCE}`,
    values: [days],
  });
  return rows.map((found) => pictureRow.parse(found));
}

async function forgetPictures(tx: Queryable, pictures: Awaited<ReturnType<typeof duePictures>>): Promise<number> {
  const { rowCount } = await tx.query({
    text: 'update notices set picture_blob = null, picture_sha256 = null where id = any ($1::text[])',
    values: [pictures.map(({ id }) => id)],
  });
  return rowCount;
}
