import { z } from 'zod';
import type { StrikeRule } from '../policy/strikes.ts';
import type { Queryable } from '../storage/database.ts';

/** What follows from strikes. */
interface Consequence {
  readonly action: StrikeRule['action'];
  readonly days: number;
  readonly reason: string;
  /** What the last of them was about; a strike that nobody noted on a case rests on an earlier one's. */
  readonly about: { readonly generationId: string; readonly madeOn: Date; readonly stage: 'prompt' | 'output' };
}

interface Person {
  readonly application: string;
  readonly userDigest: string;
}

const PREFIX = 'strikes:';
const strikeRow = z.object({ imposed_by: z.string(), imposed_at: z.date() });
const aboutRow = z.object({ generation_id: z.string(), created_at: z.date(), stage: z.enum(['prompt', 'output']) });

/**
 * What the policy's rules say of somebody who has just been given a strike, in its transaction. Of the rules that are reached the one of most strikes counts, with each
 * further strike again. Null: nothing, or nothing that a statement of reasons could be about.
 */
export async function consequenceOf(tx: Queryable, person: Person, rules: readonly StrikeRule[]): Promise<Consequence | null> {
  if (rules.length === 0) return null;
  // Two strikes at once count each other.
  await tx.query({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`strikes ${person.application} ${person.userDigest}`],
  });
  const strikes = await strikesOf(tx, person);
  const within = ({ withinDays }: StrikeRule) =>
    strikes.filter(({ imposed_at: at }) => at.getTime() > Date.now() - withinDays * 86_400_000);
  const [rule] = rules.filter((one) => within(one).length >= one.count).toSorted((a, b) => b.count - a.count || b.days - a.days);
  const about = rule === undefined ? null : await aboutOf(tx, person);
  if (rule === undefined || about === null) return null;
  const counted = within(rule);
  const isTwoPeoples = new Set(counted.map(({ imposed_by: by }) => by)).size >= 2;
  const action = rule.action === 'suspend' && !isTwoPeoples ? 'limit' : rule.action;
  return { action, days: rule.days, reason: `${PREFIX}${rule.count}/${rule.withinDays}d`, about };
}

/** What rests on strikes that were taken back, and on too few others. @returns ids of measures in force */
export async function restingOnTooFew(tx: Queryable, person: Person): Promise<readonly string[]> {
  const strikes = await strikesOf(tx, person);
  const { rows } = await tx.query<{ id: string; imposed_at: Date; reasons: readonly string[] }>({
    text: `select id, imposed_at, reasons from user_measures where application = $1 and user_digest = $2 and imposed_by = 'policy' and lifted_at is null
             and (until is null or until > clock_timestamp()) and exists (select 1 from unnest(reasons) r where starts_with(r, $3))`,
    values: [person.application, person.userDigest, PREFIX],
  });
  return rows.filter(({ imposed_at: at, reasons }) => !isStillReached(strikes, at, reasons)).map(({ id }) => id);
}

function isStillReached(strikes: readonly z.output<typeof strikeRow>[], at: Date, reasons: readonly string[]): boolean {
  const [, count = '0', days = '0'] = reasons.map((reason) => /^strikes:(\d+)\/(\d+)d$/.exec(reason)).find((found) => found !== null) ?? [];
  const sinceMs = at.getTime() - Number(days) * 86_400_000;
  return strikes.filter(({ imposed_at: struck }) => struck <= at && struck.getTime() > sinceMs).length >= Number(count);
}

async function strikesOf(tx: Queryable, { application, userDigest }: Person) {
  const { rows } = await tx.query({
    text: "select imposed_by, imposed_at from user_measures where application = $1 and user_digest = $2 and action = 'strike' and lifted_at is null",
    values: [application, userDigest],
  });
  return rows.map((one) => strikeRow.parse(one));
}

async function aboutOf(tx: Queryable, { application, userDigest }: Person): Promise<Consequence['about'] | null> {
  const { rows } = await tx.query({
    text: `select g.id as generation_id, g.created_at, coalesce((select c.stage from cases c where c.generation_id = g.id order by c.opened_at desc limit 1), 'prompt') as stage
           from user_measures m join generations g on g.id = m.generation_id
           where m.application = $1 and m.user_digest = $2 and m.action = 'strike' and m.lifted_at is null order by m.imposed_at desc, m.id desc limit 1`,
    values: [application, userDigest],
  });
  if (rows[0] === undefined) return null;
  const { generation_id: generationId, created_at: madeOn, stage } = aboutRow.parse(rows[0]);
  return { generationId, madeOn, stage };
}
