import { z } from 'zod';
import type { GenerationId } from '../../contracts/ids.ts';
import type { Outcome } from '../../contracts/stages.ts';
import { outcomeSchema } from '../../generations/outcome-schema.ts';
import { arrayOf, quotedArrayOf } from '../../storage/array-text.ts';
import type { Queryable } from '../../storage/database.ts';
import { createGroupCommit } from '../../storage/group-commit.ts';
import { type Charged, type ChargeRules, truthOf } from './pricing.ts';

/** What was set aside on one count for one generation. */
export interface Charge extends Charged {
  readonly generation: GenerationId;
  readonly subject: string;
  readonly rule: string;
  readonly amount: number;
  readonly end: number;
}

interface ChargeParts extends ChargeRules {
  readonly db: Queryable;
  readonly onError: (error: unknown) => void;
}

/**
 * Set aside before a generation begins, and made true once it is known how it ended. Each charge is written down by generation and count, and what changes
 * a count is the difference to what stands there: so nothing is counted twice, whoever settles it and however often. A charge that a dying process
 * could not write stays counted until its window has passed.
 */
export interface Charges {
  setAside(charges: readonly Charge[]): void;
  /** `outcome` null: it never began. Nothing here waits for it. */
  settle(generation: GenerationId, outcome: Outcome | null): void;
  /** Settles what others left: processes that died, and cases that people decided. */
  settleAbandoned(): Promise<void>;
  drain(): Promise<void>;
}

interface Settlement {
  readonly charge: Pick<Charge, 'generation' | 'subject'>;
  readonly truth: number;
  readonly as: string;
}
type Act = { readonly kind: 'write'; readonly charge: Charge } | { readonly kind: 'settle'; readonly settlement: Settlement };

/** Nobody waits for these writes, and one statement for many keeps them from those that somebody waits for. */
const LINGER_MS = 100;
/** More generations than this at once are left to whoever settles what was abandoned. */
const MOST_OPEN = 100_000;

export function createCharges({ db, onError, ...rules }: ChargeParts): Charges {
  const open = new Map<GenerationId, readonly Charge[]>();
  // One batch at a time, so that nothing is settled before it stands there.
  const acts = createGroupCommit<Act>({ maxBatch: 500, concurrency: 1, lingerMs: LINGER_MS, write: (batch) => writeActs(db, batch) });
  const submit = (act: Act) => void acts.submit(act).catch(onError);

  return {
    setAside(charges) {
      const [first] = charges;
      if (first === undefined) return;
      if (open.size < MOST_OPEN) open.set(first.generation, charges);
      for (const charge of charges) submit({ kind: 'write', charge });
    },
    settle(generation, outcome) {
      const charges = open.get(generation) ?? [];
      open.delete(generation);
      for (const charge of charges) {
        const settlement = {
          charge,
          truth: outcome === null ? 0 : (truthOf(charge, outcome, rules) ?? charge.amount),
          as: outcome?.kind ?? 'nothing',
        };
        submit({ kind: 'settle', settlement });
      }
    },
    async settleAbandoned() {
      for (;;) {
        const { rows } = await db.query({ name: 'limit-charges-open', text: OPEN });
        const found = rows.map((row) => openCharge.parse(row));
        await writeActs(
          db,
          found.map((one) => ({ kind: 'settle', settlement: settlementOf(one, rules) })),
        );
        if (found.length < AT_ONCE) return;
      }
    },
    drain: () => acts.drain(),
  };
}

const AT_ONCE = 500;
/** Nothing takes so long before it is written down for the first time. */
const NEVER_BEGAN_AFTER = '10 minutes';

/** Charges whose generation is in another state than when they were settled last, or never came to be. */
const OPEN = `select c.generation_id, c.subject, c.what, c.pictures, c.per_picture, c.amount, g.model, g.state, g.answer
  from limit_charges c left join generations g on g.id = c.generation_id
  where (c.settled_as is null or c.settled_as = 'held')
    and case when g.id is null then c.charged_at < clock_timestamp() - interval '${NEVER_BEGAN_AFTER}'
      else g.state <> 'running' and g.state is distinct from c.settled_as end
  order by c.charged_at limit ${AT_ONCE}`;

const openCharge = z.object({
  generation_id: z.templateLiteral(['gen_', z.string()]),
  subject: z.string(),
  what: z.enum(['images', 'cost']),
  pictures: z.number(),
  per_picture: z.coerce.number(),
  amount: z.coerce.number(),
  model: z.string().nullable(),
  state: z.string().nullable(),
  answer: z.unknown(),
});

function settlementOf(open: z.output<typeof openCharge>, rules: ChargeRules): Settlement {
  const charged = { what: open.what, model: open.model ?? '', pictures: open.pictures, perPicture: open.per_picture };
  const answer = outcomeSchema.safeParse(open.answer);
  const truth = answer.success ? (truthOf(charged, answer.data, rules) ?? open.amount) : 0;
  return { charge: { generation: open.generation_id, subject: open.subject }, truth, as: open.state ?? 'nothing' };
}

const WRITE = `insert into limit_charges (generation_id, subject, rule, what, pictures, per_picture, amount, end_us)
  select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::bigint[])
  on conflict do nothing`;
/** In the order in which grants lock counts. */
const SETTLE = `select imprimatur_limit_settle(generation, subject, truth, ended_as) from
  (select * from unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[]) as x (generation, subject, truth, ended_as) order by subject, generation) ordered`;

async function writeActs(db: Queryable, batch: readonly Act[]): Promise<void> {
  const written = batch.flatMap((act) => (act.kind === 'write' ? [act.charge] : []));
  const settled = batch.flatMap((act) => (act.kind === 'settle' ? [act.settlement] : []));
  if (written.length > 0) {
    const values = [
      quotedArrayOf(written.map(({ generation }) => generation)),
      arrayOf(written.map(({ subject }) => subject)),
      quotedArrayOf(written.map(({ rule }) => rule)),
      arrayOf(written.map(({ what }) => what)),
      arrayOf(written.map(({ pictures }) => pictures)),
      arrayOf(written.map(({ perPicture }) => perPicture)),
      arrayOf(written.map(({ amount }) => amount)),
      arrayOf(written.map(({ end }) => end)),
    ];
    await db.query({ name: 'limit-charges-write', text: WRITE, values });
  }
  if (settled.length > 0) {
    const values = [
      quotedArrayOf(settled.map(({ charge }) => charge.generation)),
      arrayOf(settled.map(({ charge }) => charge.subject)),
      arrayOf(settled.map(({ truth }) => truth)),
      quotedArrayOf(settled.map(({ as }) => as)),
    ];
    await db.query({ name: 'limit-charges-settle', text: SETTLE, values });
  }
}
