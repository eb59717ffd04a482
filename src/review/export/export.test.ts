import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import { createJournal } from '../../ledger/journal.ts';
import { generationRow } from '../../storage/generation-row.fixture.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { heldAct } from '../held.fixture.ts';
import { exportDecisions } from './export-decisions.ts';
import type { ExportForm } from './training-rows.ts';

describeEachDatabase('decisions as training data', (open) => {
  async function desk() {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    let count = 0;
    const held = async (n: number, prompt: string, application = 'agreed') => {
      const id = `gen_${n}`;
      const bytes = Buffer.from(JSON.stringify({ submission: { request: { prompt, parameters: {} } } }));
      const submission = Buffer.from(await evidence.sealValue({ id, kind: 'submission', bytes })).toString('base64');
      const act = heldAct(n);
      await writeActs(db, [{ ...act, generation: generationRow(id, { state: 'held', application, submission }) }]);
    };
    const decide = async (n: number, decision: string, by = 'user_a', role = 'first') => {
      count += 1;
      const state = decision === 'release' ? 'released' : 'blocked';
      await db.query({
        text: 'update cases set state = $2, closed_at = now(), closed_by = $3 where id = $1',
        values: [`case_${n}`, state, by],
      });
      await db.query({
        text: `insert into case_decisions (id, case_id, seq, decision, by, role, from_state, effective_at, effect) values ($1, $2, $3, $4, $5, $6, 'open', now(), 'done')`,
        values: [`cd_${count}`, `case_${n}`, count, decision, by, role],
      });
    };
    const look = async (n: number, purpose: string, decision: string) => {
      count += 1;
      const id = `case_again_${count}`;
      await db.query({
        text: `insert into cases (id, kind, generation_id, stage, decision_id, queue, opened_at, state, replays)
               select $1, kind, generation_id, stage, decision_id, queue, now(), 'blocked', id from cases where id = $2`,
        values: [id, `case_${n}`],
      });
      await db.query({
        text: `insert into quality_reviews (case_id, original_id, purpose, queue, first_decision, second_by, second_decision) values ($1, $2, $3, 'general', 'release', 'user_b', $4)`,
        values: [id, `case_${n}`, purpose, decision],
      });
    };
    const exported = async (form: ExportForm = 'labels') => {
      const scope = { applications: ['agreed'], from: new Date(0), to: new Date(Date.now() + 60_000), limit: 100 };
      const { jsonl, ...rest } = await exportDecisions({ form, by: 'user_lead', ...scope }, { db, journal, evidence });
      const rows = jsonl.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
      return { ...rest, rows };
    };
    return { db, held, decide, look, exported };
  }

  it('are rows that TRL reads as unpaired preference', async () => {
    const { db, held, decide, exported } = await desk();
    await held(1, 'a teapot on a table');
    await db.query({ text: "update cases set categories = '{hate}' where id = 'case_1'" });
    await decide(1, 'block');
    const { rows, cases } = await exported();
    expect(cases).toBe(1);
    expect(rows).toEqual([
      {
        prompt: [{ role: 'user', content: [{ type: 'text', text: 'a teapot on a table' }] }],
        completion: [{ role: 'assistant', content: [{ type: 'text', text: 'block: hate' }] }],
        label: true,
        images: [],
        case: 'case_1',
        policy: 'p',
        decided_at: expect.any(String),
      },
    ]);
    // Two rows with one and with no picture fit the same columns.
    expect(Object.keys(rows[0]!).sort()).toEqual(['case', 'completion', 'decided_at', 'images', 'label', 'policy', 'prompt']);
  });

  it('are pairs where people corrected themselves, or a third one said who was right', async () => {
    const { held, decide, look, exported } = await desk();
    await held(1, 'a teapot');
    await decide(1, 'release');
    await decide(1, 'block', 'user_a', 'correction');
    await held(2, 'a kettle');
    await decide(2, 'release');
    await look(2, 'double', 'block');
    await look(2, 'adjudication', 'block');
    const { rows } = await exported('pairs');
    const said = rows.map(({ chosen, rejected }) => [chosen[0].content[0].text, rejected[0].content[0].text]);
    expect(said).toEqual([
      ['block', 'release'],
      ['block', 'release'],
    ]);
    expect((await exported('labels')).rows.map(({ label }) => label)).toEqual([true, false, true, false]);
  });

  it('leave out what two people saw differently and nobody has settled', async () => {
    const { held, decide, look, exported } = await desk();
    await held(1, 'a teapot');
    await decide(1, 'release');
    await look(1, 'double', 'block');
    expect(await exported()).toMatchObject({ rows: [], left: { unsettled: 1 } });
  });

  it('hold nothing of an application that did not agree, of a deleted prompt, of a timer, or of a picture that was taken down', async () => {
    const { db, held, decide, exported } = await desk();
    await held(1, 'a teapot', 'silent');
    await held(2, 'a kettle');
    await held(3, 'a pan');
    for (const n of [1, 2]) await decide(n, 'block');
    await decide(3, 'block', 'timer', 'timer');
    await db.query({ text: "update generations set submission = null where id = 'gen_2'" });
    expect(await exported()).toMatchObject({ rows: [], cases: 1, left: { deleted: 1 } });
    await held(4, 'a pot');
    await decide(4, 'block');
    await db.query({
      text: "insert into artifacts (id, generation_id, position, kind, raw_sha256, raw_blob, created_at) values ('art_4', 'gen_4', 0, 'final', 'aa', 'b', now())",
    });
    expect((await exported()).rows).toHaveLength(1);
    await db.query({ text: "insert into takedowns (artifact_id, reason, taken_by) values ('art_4', 'court-order', 'key_1')" });
    expect((await exported()).rows).toEqual([]);
  });

  it('name nobody: no prompt with personal data, no real person, nothing restricted, and not who decided', async () => {
    const { db, held, decide, exported } = await desk();
    await held(1, 'write to jo@example.org');
    await held(2, 'a teapot');
    await held(3, 'a kettle');
    await held(4, 'a pan');
    for (const n of [1, 2, 3, 4]) await decide(n, 'block', 'user_secret');
    await db.query({ text: "update cases set categories = '{real_person_likeness}' where id = 'case_2'" });
    await db.query({ text: "update cases set restricted = true, queue = 'child_safety' where id = 'case_3'" });
    const { rows, left } = await exported();
    expect(left.personal).toBe(1);
    expect(rows.map(({ case: id }) => id)).toEqual(['case_4']);
    expect(JSON.stringify(rows)).not.toContain('user_secret');
  });

  it('stand in the ledger, without a prompt', async () => {
    const { db, held, decide, exported } = await desk();
    await held(1, 'a very particular teapot');
    await decide(1, 'block');
    await exported();
    const { rows } = await db.query<{ text: string }>({
      text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id desc limit 1",
    });
    expect(JSON.parse(rows[0]?.text ?? '')).toMatchObject({
      kind: 'decisions.exported',
      rows: 1,
      by: 'operator:user_lead',
      applications: ['agreed'],
    });
    expect(rows[0]?.text).not.toContain('teapot');
  });
});
