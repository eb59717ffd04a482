import { z } from 'zod';
import { newId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';

/** What is done about an end user, the mildest first. `warn` and `strike` are on record; the others stand in the way. */
export const MEASURES = ['warn', 'strike', 'step_up', 'limit', 'suspend', 'ban'] as const;
export type MeasureKind = (typeof MEASURES)[number];

const row = z
  .object({
    id: z.string(),
    application: z.string(),
    user_digest: z.string(),
    action: z.enum(MEASURES),
    until: z.date().nullable(),
    reasons: z.array(z.string()),
    case_id: z.string().nullable(),
    generation_id: z.string().nullable(),
    decision_id: z.string().nullable(),
    imposed_by: z.string(),
    imposed_at: z.date(),
    lifted_by: z.string().nullable(),
    lifted_at: z.date().nullable(),
    lift_reason: z.string().nullable(),
    restricted: z.boolean(),
  })
  .transform((found) => ({
    id: found.id,
    application: found.application,
    /** Keyed digest of the platform's pseudonym: `createUserDigest`. */
    userDigest: found.user_digest,
    action: found.action,
    /** Null: until somebody lifts it. */
    until: found.until,
    reasons: found.reasons,
    caseId: found.case_id,
    generationId: found.generation_id,
    /** Whose statement of reasons tells the person; it can be appealed. */
    decisionId: found.decision_id,
    imposedBy: found.imposed_by,
    imposedAt: found.imposed_at,
    liftedBy: found.lifted_by,
    liftedAt: found.lifted_at,
    liftReason: found.lift_reason,
    /** Because of a case that only cleared staff may learn of. */
    restricted: found.restricted,
  }));

/** Something that was done about an end user of one application. */
export type Measure = z.output<typeof row>;

const COLUMNS = `id, application, user_digest, action, until, reasons, case_id, generation_id, decision_id, imposed_by, imposed_at, lifted_by, lifted_at, lift_reason,
  exists (select 1 from cases c where c.id = case_id and c.restricted) as restricted`;
/** Of `user_measures`. */
export const IN_FORCE = 'lifted_at is null and (until is null or until > clock_timestamp())';

export interface NewMeasure {
  readonly application: string;
  readonly userDigest: string;
  readonly action: MeasureKind;
  readonly until: Date | null;
  readonly reasons: readonly string[];
  readonly caseId: string | null;
  readonly caseDecisionId: string | null;
  readonly generationId: string | null;
  readonly decisionId: string | null;
  readonly by: string;
}

/** Null: the same decision did this to the same person before. */
export async function addMeasure(tx: Queryable, one: NewMeasure): Promise<Measure | null> {
  const { rows } = await tx.query({
    text: `insert into user_measures (id, application, user_digest, action, until, reasons, case_id, case_decision_id, generation_id, decision_id, imposed_by)
           values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10, $11)
           on conflict (case_decision_id, user_digest, action) do nothing returning ${COLUMNS}`,
    values: [
      newId('msr'),
      one.application,
      one.userDigest,
      one.action,
      one.until,
      one.reasons,
      one.caseId,
      one.caseDecisionId,
      one.generationId,
      one.decisionId,
      one.by,
    ],
  });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/** Everything that was ever done about one person, the latest first. @param pseudonym the first twelve characters of the digest, or more of it */
export async function measuresOf(db: Queryable, pseudonym: string): Promise<readonly Measure[]> {
  const { rows } = await db.query({
    name: 'measures-of-pseudonym',
    text: `select ${COLUMNS} from user_measures where left(user_digest, 12) = left($1, 12) and starts_with(user_digest, $1) order by imposed_at desc, id desc`,
    values: [pseudonym],
  });
  return rows.map((one) => row.parse(one));
}

export interface Lift {
  readonly by: string;
  readonly reason: string;
}

/** Ends what is in force of these; what ended before stays as it ended. @returns what was lifted now */
export async function liftMeasures(tx: Queryable, ids: readonly string[], { by, reason }: Lift): Promise<readonly Measure[]> {
  const { rows } = await tx.query({
    text: `update user_measures set lifted_by = $2, lifted_at = clock_timestamp(), lift_reason = $3
           where id = any ($1::text[]) and ${IN_FORCE} returning ${COLUMNS}`,
    values: [ids, by, reason],
  });
  return rows.map((one) => row.parse(one));
}

/** What a decision did that turned out to be wrong: that of a case, or the one that a statement of reasons is about. */
export async function measuresBecauseOf(
  db: Queryable,
  about: { readonly caseId: string } | { readonly decisionId: string },
): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>(
    'caseId' in about
      ? { text: `select id from user_measures where case_id = $1 and ${IN_FORCE} for update`, values: [about.caseId] }
      : {
          text: `select m.id from user_measures m left join case_decisions d on d.id = m.case_decision_id
                 where (m.decision_id = $1 or d.decision_id = $1) and m.lifted_at is null for update of m`,
          values: [about.decisionId],
        },
  );
  return rows.map(({ id }) => id);
}

const used = z.object({ window_used: z.number(), resets_at: z.date() });

/** Counts one request of a limited user, in all processes together. Null: it is not in force any more. */
export async function countLimited(
  db: Queryable,
  { id, windowSeconds }: { readonly id: string; readonly windowSeconds: number },
): Promise<{ readonly used: number; readonly resetsAt: Date } | null> {
  const { rows } = await db.query({
    name: 'count-limited',
    text: `update user_measures set
             window_used = case when window_since > clock_timestamp() - make_interval(secs => $2) then window_used + 1 else 1 end,
             window_since = case when window_since > clock_timestamp() - make_interval(secs => $2) then window_since else clock_timestamp() end
           where id = $1 and ${IN_FORCE} returning window_used, window_since + make_interval(secs => $2) as resets_at`,
    values: [id, windowSeconds],
  });
  if (rows[0] === undefined) return null;
  const { window_used, resets_at } = used.parse(rows[0]);
  return { used: window_used, resetsAt: resets_at };
}

const person = z.object({ application: z.string(), user_digest: z.string() });

/** Whom a pseudonym stands for, as far as cases and measures know; several where the first characters are the same. */
export async function peopleNamed(
  db: Queryable,
  pseudonym: string,
): Promise<readonly { readonly application: string; readonly userDigest: string }[]> {
  const { rows } = await db.query({
    name: 'people-named',
    text: `select application, user_digest from user_measures where left(user_digest, 12) = left($1, 12) and starts_with(user_digest, $1)
           union select g.application, c.user_digest from cases c join generations g on g.id = c.generation_id
           where left(c.user_digest, 12) = left($1, 12) and starts_with(c.user_digest, $1) limit 3`,
    values: [pseudonym],
  });
  return rows.map((found) => {
    const { application, user_digest: userDigest } = person.parse(found);
    return { application, userDigest };
  });
}
