import type { Database } from '../../src/storage/database.ts';

interface Seed {
  readonly from: number;
  readonly to: number;
  /** Of the cases; a generation of a closed one was refused. */
  readonly state: 'open' | 'blocked';
  /** Every so many generations one has a case. */
  readonly caseEvery: number;
}

/** Generations, their decisions and cases, in batches. `n` in 10 characters keeps ids in order. */
export async function seedCases(db: Database, { from, to, state, caseEvery }: Seed): Promise<void> {
  const isOpen = state === 'open';
  await db.transaction(async (tx) => {
    const numbers = 'from generate_series($1::int, $2::int) as n';
    await tx.query({
      text: `insert into generations (id, request_id, key_id, application, surface, operation, model, state, body_digest, owner, created_at, finished_at)
             select 'gen_' || lpad(n::text, 10, '0'), 'req_' || n, 'key_bench', 'bench', 'api', 'generate', 'm',
               case when n % $3 <> 0 then 'published' when $4 then 'held' else 'refused' end, md5(n::text), 'ins_bench',
               now() - interval '300 days' + n * interval '20 seconds', case when $4 then null else now() end ${numbers}`,
      values: [from, to, caseEvery, isOpen],
    });
    await tx.query({
      text: `insert into decisions (id, generation_id, stage, action, policy, body, decided_at)
             select 'dec_' || lpad(n::text, 10, '0'), 'gen_' || lpad(n::text, 10, '0'), 'output', case when n % $3 = 0 then 'hold' else 'allow' end, 'bench@1.0.0',
               '{"rules":[],"findings":[],"categories":["hate"],"obligations":{"credential":true,"label":false},"decidedBy":{"kind":"policy"}}'::jsonb,
               now() - interval '300 days' + n * interval '20 seconds' ${numbers}`,
      values: [from, to, caseEvery],
    });
    await tx.query({
      text: `insert into cases (id, kind, generation_id, stage, decision_id, state, queue, categories, opened_at, closed_at, closed_by, media_read_at)
             select 'case_' || lpad(n::text, 10, '0'), 'generation', 'gen_' || lpad(n::text, 10, '0'), 'output', 'dec_' || lpad(n::text, 10, '0'), $4, 'general',
               '{hate}', now() - interval '300 days' + n * interval '20 seconds', case when $4 = 'open' then null else now() end,
               case when $4 = 'open' then null else 'key_bench' end, now() ${numbers} where n % $3 = 0`,
      values: [from, to, caseEvery, state],
    });
  });
}

/** What was decided on closed cases. */
export async function seedDecisions(db: Database): Promise<void> {
  await db.query({
    text: `insert into case_decisions (id, case_id, seq, decision, reasons, by, role, from_state, effective_at, effect)
           select 'cdec_' || id, id, 1, 'block', '{hate}', 'key_bench', 'first', 'open', now(), 'done' from cases where state = 'blocked'`,
  });
}

/** Hashes of their pictures: random ones, since pictures of strangers differ in half of their bits. */
export async function seedPictures(db: Database): Promise<void> {
  await db.query({
    text: `insert into case_pictures (case_id, media_id, width, height, pdq, bands)
           select id, 'art', 1024, 1024, hash, (select array_agg((band << 16) | ('x' || lpad(substring(encode(hex, 'hex') from band * 4 + 1 for 4), 8, '0'))::bit(32)::int)
             from generate_series(0, 15) band)
           from (select id, hex, ('x' || encode(hex, 'hex'))::bit(256) as hash from (select id, sha256(id::bytea) as hex from cases where state = 'blocked') c) h`,
  });
}
