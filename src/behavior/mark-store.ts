import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';

/** By what accounts are found to belong together: the words that they were refused for, or pictures that look alike. */
export const CAMPAIGN_KINDS = ['words', 'pictures'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

/** What one request of a known account left behind: hashes, and who it was as digests. */
export interface Marks {
  readonly kind: CampaignKind;
  /** `Behavior.numberOf`. */
  readonly account: number;
  readonly application: string;
  readonly userDigest: string;
  readonly generationId: string;
  readonly atMs: number;
  /** Triples of words, or the eight words of a PDQ hash. */
  readonly marks: readonly number[];
}

const row = z.object({
  written: z.coerce.bigint(),
  kind: z.enum(CAMPAIGN_KINDS),
  account: z.coerce.number(),
  application: z.string(),
  user_digest: z.string(),
  generation_id: z.string(),
  at: z.date(),
  marks: z.array(z.coerce.number()),
});

const COLUMNS = 'written, kind, account, application, user_digest, generation_id, at, marks';

/** So long marks are kept. */
export const MARKS_DAYS = 14;
/** Bounds what a start reads, and one turn. */
const MOST_NEWS = 50_000;

/** Reads what any process wrote. */
export interface MarkNews {
  /** Since the last call, oldest first; the first call gives the newest of the last days. */
  read(): Promise<readonly Marks[]>;
}

export async function saveMarks(db: Queryable, marks: readonly Marks[]): Promise<void> {
  if (marks.length === 0) return;
  const rows = marks.map((one) => ({ ...one, at: new Date(one.atMs).toISOString() }));
  await db.query({
    text: `insert into behavior_marks (kind, account, application, user_digest, generation_id, at, marks)
           select kind, account, application, "userDigest", "generationId", at, marks from jsonb_to_recordset($1::jsonb)
             as n (kind text, account bigint, application text, "userDigest" text, "generationId" text, at timestamptz, marks bigint[])`,
    values: [JSON.stringify(rows)],
  });
}

export function createMarkNews(db: Queryable): MarkNews {
  let last = 0n;
  return {
    async read() {
      const { rows } = await db.query({
        name: 'behavior-marks-news',
        // A number is drawn before its transaction commits, so the last hundred are read again; taking them in twice changes nothing.
        text: `select ${COLUMNS} from (select ${COLUMNS} from behavior_marks
                 where written > $1::bigint - 100 and at > clock_timestamp() - make_interval(days => $2) order by written desc limit $3) n order by written`,
        values: [String(last), MARKS_DAYS, MOST_NEWS],
      });
      const found = rows.map((one) => row.parse(one));
      last = found.at(-1)?.written ?? last;
      return found.map(toMarks);
    },
  };
}

/** What these accounts left behind lately, newest first. */
export async function marksOf(db: Queryable, kind: CampaignKind, accounts: readonly number[], most: number): Promise<readonly Marks[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from behavior_marks where kind = $1 and account = any ($2::bigint[]) order by at desc limit $3`,
    values: [kind, accounts, most],
  });
  return rows.map((one) => toMarks(row.parse(one)));
}

/** Which of these people these are, by the number of their account; for what operators look at. */
export async function peopleOf(db: Queryable, accounts: readonly number[]) {
  const { rows } = await db.query({
    text: `select distinct on (account) ${COLUMNS} from behavior_marks where account = any ($1::bigint[]) order by account, at desc`,
    values: [accounts],
  });
  return new Map(rows.map((one) => toMarks(row.parse(one))).map((marks) => [marks.account, marks]));
}

export async function sweepMarks(db: Queryable): Promise<void> {
  await db.query({ text: 'delete from behavior_marks where at < clock_timestamp() - make_interval(days => $1)', values: [MARKS_DAYS] });
}

function toMarks({ written: _written, user_digest: userDigest, generation_id: generationId, at, ...rest }: z.output<typeof row>): Marks {
  return { ...rest, userDigest, generationId, atMs: at.getTime() };
}
