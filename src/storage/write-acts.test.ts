import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { Act, GenerationRow, GenerationState } from './act.ts';
import { generationRow } from './generation-row.fixture.ts';
import { migrate } from './migrate.ts';
import { writeActs } from './write-acts.ts';

const AT = '2026-11-21T12:00:00.000Z';
const entry = (text: string) => Buffer.from(text);

const generation = (id: string, more: Partial<GenerationRow> = {}) =>
  generationRow(id, { submission: Buffer.from([0, 255, 1]).toString('base64'), ...more });
const begin = (id: string, more: Partial<GenerationRow> = {}): Act => ({
  generation: generation(id, more),
  entries: [entry(`begin ${id}`)],
});
const decision = (id: string, generation_id: string) => ({
  id,
  generation_id,
  stage: 'prompt',
  action: 'hold',
  policy: 'p',
  body: { rules: ["it's", '"quoted"'] },
  decided_at: AT,
});
const move = (id: string, from: readonly GenerationState[], state: GenerationState, more = {}): Act => ({
  generationUpdate: { id, from, state, answer: { kind: 'failed', code: 'MODEL_FAILED' }, intent_released: false, ...more },
  entries: [entry(`${id} to ${state}`)],
});
const artifact = (id: string, generation_id: string) => ({
  id,
  generation_id,
  position: 0,
  kind: 'final' as const,
  raw_sha256: 'r',
  raw_blob: 'b',
  created_at: AT,
});
const USE = { surface: 'api', model: 'demo', operation: 'generate' as const, region: null };
const publish = (id: string): Act => ({
  artifactUpdates: [
    { id, use: USE, published_sha256: 's', published_blob: 'p', published_format: 'png', published_at: AT, ledger_leaf: 'l' },
  ],
  entries: [entry(`publish ${id}`)],
});

describeEachDatabase('writing acts', (open) => {
  async function store() {
    const db = await open();
    await migrate(db);
    const entries = async () => {
      const { rows } = await db.query({ text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id" });
      return rows.map(({ text }) => text);
    };
    const one = async (text: string) => (await db.query({ text })).rows[0];
    return { db, entries, one };
  }

  it('writes every row and every entry of many acts at once, the entries in order', async () => {
    const { db, entries, one } = await store();
    const acts = Array.from({ length: 50 }, (_, i): Act => ({ ...begin(`gen_${i}`), decision: decision(`dec_${i}`, `gen_${i}`) }));
    await writeActs(db, [...acts, { entries: [entry('first'), entry('second')] }]);
    expect(await entries()).toEqual([...acts.map((_, i) => `begin gen_${i}`), 'first', 'second']);
    expect(await one('select count(*)::int as n from generations')).toEqual({ n: 50 });
    expect(await one("select * from generations where id = 'gen_7'")).toMatchObject({
      key_id: 'key_1',
      state: 'running',
      submission: Buffer.from([0, 255, 1]),
      created_at: new Date(AT),
      answer: null,
      finished_at: null,
      intent_released: false,
    });
    expect(await one("select * from decisions where id = 'dec_7'")).toMatchObject({
      action: 'hold',
      body: { rules: ["it's", '"quoted"'] },
    });
  });

  it('can take a held generation from its decision to its case in one act', async () => {
    const { db, one } = await store();
    const openCase = {
      id: 'case_1',
      kind: 'generation',
      generation_id: 'gen_1',
      stage: 'prompt',
      decision_id: 'dec_1',
      upload_id: null,
      subject: null,
      queue: 'general',
      restricted: false,
      categories: ['hate'],
      region: null,
      language: 'de',
      prompt_digest: null,
      user_digest: null,
      excluded: [],
      opened_at: AT,
    };
    await writeActs(db, [{ ...begin('gen_1', { state: 'held' }), decision: decision('dec_1', 'gen_1'), openCase }]);
    expect(await one('select * from cases')).toMatchObject({ id: 'case_1', state: 'open', closed_at: null });
  });

  it('moves a generation on only from where the act expects it, and says when it ended', async () => {
    const { db, one, entries } = await store();
    await writeActs(db, [begin('gen_1')]);
    await writeActs(db, [move('gen_1', ['held', 'running'], 'failed')]);
    expect(await one('select * from generations')).toMatchObject({
      state: 'failed',
      answer: { code: 'MODEL_FAILED' },
      finished_at: expect.any(Date),
    });
    await expect(writeActs(db, [move('gen_1', ['running'], 'published')])).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('stale act'),
    });
    expect(await one('select state from generations')).toEqual({ state: 'failed' });
    expect(await entries()).not.toContain('gen_1 to published');
  });

  it('writes nothing at all, of no act of the batch, when one of them comes too late', async () => {
    const { db, one, entries } = await store();
    await writeActs(db, [begin('gen_1'), begin('gen_2', { state: 'refused' })]);
    const late = [begin('gen_3'), move('gen_1', ['running'], 'failed'), move('gen_2', ['running'], 'published')];
    await expect(writeActs(db, late)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await one("select count(*)::int as n from generations where id = 'gen_3'")).toEqual({ n: 0 });
    expect(await one("select state from generations where id = 'gen_1'")).toEqual({ state: 'running' });
    expect(await entries()).toHaveLength(2);
  });

  it('keeps the answer and the owner of a generation where the act says nothing of them', async () => {
    const { db, one } = await store();
    await writeActs(db, [begin('gen_1', { state: 'held', answer: { kind: 'held' } })]);
    await writeActs(db, [move('gen_1', ['held'], 'running', { answer: null, owner: 'ins_2' })]);
    expect(await one('select * from generations')).toMatchObject({
      state: 'running',
      owner: 'ins_2',
      answer: { kind: 'held' },
      finished_at: null,
    });
    await writeActs(db, [move('gen_1', ['running'], 'published', { intent_released: true })]);
    expect(await one('select * from generations')).toMatchObject({ owner: 'ins_2', intent_released: true });
  });

  it('publishes an artifact once', async () => {
    const { db, one, entries } = await store();
    await writeActs(db, [begin('gen_1')]);
    await writeActs(db, [{ artifacts: [artifact('art_1', 'gen_1')], entries: [entry('seal')] }]);
    await writeActs(db, [publish('art_1')]);
    expect(await one('select * from artifacts')).toMatchObject({ published_sha256: 's', published_at: new Date(AT), ledger_leaf: 'l' });
    await expect(writeActs(db, [publish('art_1')])).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(writeActs(db, [publish('art_unknown')])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await entries()).toEqual(['begin gen_1', 'seal', 'publish art_1']);
  });

  it('lets one idempotency key start one generation, until its intent is released', async () => {
    const { db } = await store();
    await writeActs(db, [begin('gen_1', { idempotency_key: 'once' })]);
    await expect(writeActs(db, [begin('gen_2', { idempotency_key: 'once' })])).rejects.toMatchObject({ code: '23505' });
    await writeActs(db, [begin('gen_3', { idempotency_key: 'once', key_id: 'key_2' })]);
    await writeActs(db, [move('gen_1', ['running'], 'failed', { intent_released: true })]);
    await writeActs(db, [begin('gen_4', { idempotency_key: 'once' })]);
  });

  it('puts nothing into the ledger when a row does not fit', async () => {
    const { db, entries } = await store();
    await expect(writeActs(db, [{ decision: decision('dec_1', 'gen_nobody'), entries: [entry('orphan')] }])).rejects.toMatchObject({
      code: '23503',
    });
    expect(await entries()).toEqual([]);
  });
});
