import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, newId, type StaffId } from '../../contracts/ids.ts';
import type { Journal } from '../../ledger/journal.ts';
import { krippendorffAlpha } from '../../statistics/krippendorff.ts';
import type { Database, Queryable } from '../../storage/database.ts';

/** The same cases, decided by a group, each without the others, then looked at together. */
export interface Calibration {
  readonly id: string;
  readonly title: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly participants: readonly string[];
  readonly revealedAt: Date | null;
  readonly minutes: string | null;
}

const row = z
  .object({
    id: z.string(),
    title: z.string(),
    made_by: z.string(),
    made_at: z.date(),
    participants: z.array(z.string()),
    revealed_at: z.date().nullable(),
    minutes: z.string().nullable(),
  })
  .transform(
    ({ made_by: madeBy, made_at: madeAt, revealed_at: revealedAt, ...rest }): Calibration => ({ ...rest, madeBy, madeAt, revealedAt }),
  );
const COLUMNS = 'id, title, made_by, made_at, participants, revealed_at, minutes';

interface CalibrationParts {
  readonly db: Database;
  readonly journal: Journal;
}

interface NewCalibration {
  readonly title: string;
  readonly participants: readonly string[];
  readonly caseIds: readonly CaseId[];
  readonly by: StaffId;
}

/** Each case once more, closed from the start: it stands in no queue, and its page shows no decision of anybody. */
const OPEN_ITEMS = `
with wanted as (
  select w.position, w.new_id, o.id as original, o.kind, o.generation_id, o.stage, o.decision_id, o.upload_id, o.subject, o.queue, o.categories,
    o.region, o.language, o.prompt_digest, o.user_digest
  from unnest($2::text[], $3::text[]) with ordinality as w(named, new_id, position)
  join cases n on n.id = w.named join cases o on o.id = coalesce(n.replays, n.id)
  where not o.restricted and o.state in ('released', 'blocked')
), shown as (
  insert into cases (id, kind, generation_id, stage, decision_id, upload_id, subject, queue, categories, region, language, prompt_digest, user_digest,
    opened_at, state, closed_at, closed_by, replays)
  select new_id, kind, generation_id, stage, decision_id, upload_id, subject, queue, categories, region, language, prompt_digest, user_digest,
    clock_timestamp(), 'closed', clock_timestamp(), 'quality', original from wanted
)
insert into calibration_items (calibration_id, position, case_id) select $1, position, new_id from wanted`;

/** @throws ImprimaturError REQUEST_INVALID when one of the cases is not a decided one that anybody in review may know of */
export function startCalibration(
  { title, participants, caseIds, by }: NewCalibration,
  { db, journal }: CalibrationParts,
): Promise<Calibration> {
  const id = newId('calib');
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `insert into calibrations (id, title, made_by, participants) values ($1, $2, $3, $4) returning ${COLUMNS}`,
      values: [id, title, by, [...new Set(participants)]],
    });
    const { rowCount } = await tx.query({ text: OPEN_ITEMS, values: [id, [...caseIds], caseIds.map(() => newId('case'))] });
    if (rowCount !== caseIds.length)
      throw new ImprimaturError('REQUEST_INVALID', { hint: 'Name decided cases that are open to all of review.', param: 'cases' });
    await journal.recordIn(tx, {}, [{ kind: 'calibration.started', calibration: id, items: caseIds.length, by: `operator:${by}` }]);
    return row.parse(rows[0]);
  });
}

export async function listCalibrations(db: Queryable, limit: number): Promise<readonly Calibration[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from calibrations order by made_at desc limit $1`, values: [limit] });
  return rows.map((one) => row.parse(one));
}

/** @throws ImprimaturError NOT_FOUND */
export async function findCalibration(db: Queryable, id: string): Promise<Calibration> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from calibrations where id = $1`, values: [id] });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  return row.parse(rows[0]);
}

interface Answer {
  readonly position: number;
  readonly decision: string;
  readonly reason: string | null;
}

/** Until the reveal a participant may change their mind. @throws ImprimaturError AUTH_FORBIDDEN, REQUEST_INVALID once it was revealed */
export async function answerCalibration(db: Database, { id, by, answer }: { id: string; by: StaffId; answer: Answer }): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query({ text: `select ${COLUMNS} from calibrations where id = $1 for share`, values: [id] });
    if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
    const found = row.parse(rows[0]);
    if (!found.participants.includes(by)) throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'You do not take part in this round.' });
    if (found.revealedAt !== null)
      throw new ImprimaturError('REQUEST_INVALID', { hint: 'The answers of this round were revealed already.' });
    const { rowCount } = await tx.query({
      text: `insert into calibration_answers (calibration_id, position, by, decision, reason)
             select $1, i.position, $3, $4, $5 from calibration_items i where i.calibration_id = $1 and i.position = $2
             on conflict (calibration_id, position, by) do update set decision = excluded.decision, reason = excluded.reason, given_at = clock_timestamp()`,
      values: [id, answer.position, by, answer.decision, answer.reason],
    });
    if (rowCount === 0) throw new ImprimaturError('NOT_FOUND');
  });
}

/** From now on everybody sees everybody's answers, and nobody changes one. */
export function revealCalibration(
  id: string,
  { by, minutes }: { by: StaffId; minutes: string | null },
  { db, journal }: CalibrationParts,
): Promise<Calibration> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `update calibrations set revealed_at = coalesce(revealed_at, clock_timestamp()), minutes = coalesce($2, minutes) where id = $1 returning ${COLUMNS}`,
      values: [id, minutes],
    });
    if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
    await journal.recordIn(tx, {}, [{ kind: 'calibration.revealed', calibration: id, by: `operator:${by}` }]);
    return row.parse(rows[0]);
  });
}

const itemRow = z.object({
  position: z.int(),
  case_id: z.string(),
  answers: z.array(z.object({ by: z.string(), decision: z.string(), reason: z.string().nullable() })),
});
export type CalibrationItem = z.output<typeof itemRow>;

/** The cases with what may be seen of the answers: one's own before the reveal, all after it. */
export async function calibrationItems(
  db: Queryable,
  { id, revealedAt }: Calibration,
  reader: StaffId,
): Promise<readonly CalibrationItem[]> {
  const { rows } = await db.query({
    text: `select i.position, i.case_id, coalesce(jsonb_agg(jsonb_build_object('by', a.by, 'decision', a.decision, 'reason', a.reason) order by a.by)
             filter (where a.by is not null), '[]') as answers
           from calibration_items i
           left join calibration_answers a on a.calibration_id = i.calibration_id and a.position = i.position and ($2 or a.by = $3)
           where i.calibration_id = $1 group by i.position, i.case_id order by i.position`,
    values: [id, revealedAt !== null, reader],
  });
  return rows.map((one) => itemRow.parse(one));
}

/** Krippendorff's α over all answers; gaps are allowed, as not everybody may have come to the end. */
export function calibrationAlpha(items: readonly CalibrationItem[]): number | null {
  const codes = [...new Set(items.flatMap(({ answers }) => answers.map(({ decision }) => decision)))];
  return krippendorffAlpha(items.map(({ answers }) => answers.map(({ decision }) => codes.indexOf(decision))));
}
