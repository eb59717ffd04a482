import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import type { ModelCare } from './model-care.ts';
import type { RefusalWatch } from './refusal-watch.ts';

interface ShareCareParts {
  readonly db: Queryable;
  /** This process, so that it does not hear itself. */
  readonly instanceId: string;
  readonly care: Pick<ModelCare, 'rests' | 'rest'>;
  readonly refusals: Pick<RefusalWatch, 'news' | 'heard'>;
}

const restRow = z.object({ kind: z.enum(['calls', 'account']), model: z.string(), ms: z.coerce.number() });
const refusalRow = z.object({ written: z.coerce.bigint(), pseudonym: z.string(), age_ms: z.coerce.number() });

/** Written but not committed when others read; such a number is read again. */
const READ_AGAIN = 100n;
/** Longer than any window of refusals is worth telling others. */
const KEPT_HOURS = 24;

/**
 * Tells other processes which upstreams are to be left alone and whom they refused, and hears the same. Rests go by the database's clock. While it cannot be reached
 * each process goes by what it has met and heard itself.
 */
export function shareCare({ db, instanceId, care, refusals }: ShareCareParts): { exchange(): Promise<void>; sweep(): Promise<void> } {
  let last = -1n;
  let seen = new Set<bigint>();

  async function tell(): Promise<void> {
    const rests = care.rests();
    if (rests.length > 0) {
      await db.query({
        text: `insert into upstream_rests as r (kind, model, until)
               select kind, model, clock_timestamp() + make_interval(secs => ms / 1000.0) from jsonb_to_recordset($1::jsonb) as n (kind text, model text, ms float8)
               on conflict (kind, model) do update set until = greatest(r.until, excluded.until)`,
        values: [JSON.stringify(rests)],
      });
    }
    const refused = refusals.news();
    if (refused.length > 0) {
      await db.query({
        text: 'insert into upstream_refusals (instance, pseudonym) select $1, p from unnest($2::text[]) p',
        values: [instanceId, refused],
      });
    }
  }

  async function hear(): Promise<void> {
    const rests = await db.query({
      name: 'upstream-rests',
      text: 'select kind, model, extract(epoch from until - clock_timestamp()) * 1000 as ms from upstream_rests where until > clock_timestamp()',
    });
    for (const row of rests.rows) care.rest(restRow.parse(row));
    const { rows } = await db.query({
      name: 'upstream-refusals',
      text: `select written, pseudonym, extract(epoch from clock_timestamp() - at) * 1000 as age_ms from upstream_refusals
             where written > $1::bigint and instance <> $2 and at > clock_timestamp() - make_interval(hours => ${KEPT_HOURS}) order by written limit 10000`,
      values: [String(last - READ_AGAIN), instanceId],
    });
    const found = rows.map((row) => refusalRow.parse(row));
    for (const { written, pseudonym, age_ms: ageMs } of found) if (!seen.has(written)) refusals.heard(pseudonym, ageMs);
    last = found.at(-1)?.written ?? last;
    seen = new Set(found.filter(({ written }) => written > last - READ_AGAIN).map(({ written }) => written));
  }

  return {
    async exchange() {
      await tell();
      await hear();
    },
    async sweep() {
      await db.query({ text: `delete from upstream_refusals where at < clock_timestamp() - make_interval(hours => ${KEPT_HOURS})` });
      await db.query({ text: 'delete from upstream_rests where until < clock_timestamp()' });
    },
  };
}
