import { afterEach, expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { createLockOut } from '../access/sign-in/lock-out.ts';
import { newId } from '../contracts/ids.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { type JobRunner, startJobs } from '../jobs/job-runner.ts';
import { createJournal } from '../ledger/journal.ts';
import type { Database } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { heldAct } from './held.fixture.ts';
import { fileNotice } from './notices/file-notice.ts';
import { noticeWish } from './notices/notice-wish.ts';
import { scheduleRetention, sweepRetention } from './retention.ts';
import { leaveCase, viewCase } from './viewers.ts';

const PLAN = { notices: 365, reportedPictures: 90, appeals: 365, drafts: 30, looks: 730, mails: 30, notes: 365 };
const runners: JobRunner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop();
});

describeEachDatabase('what is kept about people', (open) => {
  async function store() {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const notice = async (kind: 'other' | 'child_abuse') => {
      const who = { name: 'A', email: 'a@example.org', signature: 'A' };
      const wish = noticeWish.parse({ kind, description: 'not good', good_faith: true, urls: ['https://a.example/b'], ...who });
      const id = newId('ntc');
      const { blob, sha256 } = await evidence.seal({ id, kind: 'reported_picture', bytes: Buffer.from(kind) });
      const made = { wish, language: 'en', reported: [], hashes: [], picture: { blob, sha256 }, flagger: null };
      return { ...(await fileNotice(made, { db, journal, evidence })).notice, blob };
    };
    const sweep = async () => {
      await scheduleRetention(db);
      await db.query({ text: "update jobs set run_at = now() - interval '1 second'" });
      const runner = startJobs({
        db,
        kinds: [sweepRetention({ db, journal, evidence, plan: PLAN })],
        onError: () => undefined,
        pollMs: 20,
      });
      runners.push(runner);
      await expect.poll(async () => (await db.query({ text: 'select 1 from jobs where run_at > now()' })).rowCount).toBe(1);
      await runner.stop();
      const { rows } = await db.query<{ text: string }>({
        text: "select convert_from(entry, 'utf8') as text from ledger_outbox where convert_from(entry, 'utf8') like '{%retention.swept%' order by id",
      });
      return rows.map(({ text }) => JSON.parse(text));
    };
    return { db, evidence, notice, sweep };
  }
  const endDaysAgo = async (db: Database, days: number) => {
    await db.query({ text: "update notices set state = 'decided', decided_at = now() - make_interval(days => $1)", values: [days] });
    await db.query({ text: "update cases set state = 'blocked', closed_at = now(), closed_by = 'x'" });
  };

  it('goes when its time is over, pictures before words, and the ledger says how much and nothing else', async () => {
    const { db, evidence, notice, sweep } = await store();
    const [plain, grave] = [await notice('other'), await notice('child_abuse')];
    expect(await sweep()).toEqual([]);
    await endDaysAgo(db, 100);
    expect(await sweep()).toMatchObject([{ kind: 'retention.swept', what: 'reported_pictures', count: 1, by: 'timer' }]);
    await expect(evidence.open({ blob: plain.blob, id: plain.id, kind: 'reported_picture' })).rejects.toMatchObject({
      code: 'EVIDENCE_UNREADABLE',
    });
    await endDaysAgo(db, 400);
    expect((await sweep()).at(-1)).toMatchObject({ what: 'notices', count: 1 });
    const { rows } = await db.query({
      text: 'select id, body is null as forgotten, picture_blob is null as gone from notices order by id',
    });
    expect(rows).toEqual([
      { id: plain.id, forgotten: true, gone: true },
      { id: grave.id, forgotten: false, gone: false },
    ]);
  });

  it('goes with drafts, looks and mails, but never the looks at suspected child abuse material', async () => {
    const { db, sweep } = await store();
    await writeActs(db, [heldAct(1)]);
    const old = "now() - interval '731 days'";
    await db.query({ text: `insert into case_drafts (case_id, by, body, saved_at) values ('case_1', 'user_a', '{}', ${old})` });
    await db.query({ text: `insert into mails (id, sealed, created_at) values ('mail_1', '', ${old})` });
    await db.query({
      text: `insert into case_looks (at, by, what, case_id, restricted) values (${old}, 'user_a', 'dossier', 'case_1', false), (${old}, 'user_a', 'dossier', 'case_1', true),
               (now(), 'user_a', 'dossier', 'case_1', false)`,
    });
    expect((await sweep()).map(({ what, count }) => [what, count])).toEqual([
      ['drafts', 1],
      ['looks', 1],
      ['mails', 1],
    ]);
    expect((await db.query({ text: 'select 1 from case_looks' })).rowCount).toBe(2);
  });

  it('goes with what reviewers and boards wrote, a year after the case; not while somebody appeals or is kept out, nor where a child may be the victim', async () => {
    const { db, sweep } = await store();
    for (const n of [1, 2, 3, 4, 5, 6]) await writeActs(db, [heldAct(n)]);
    const ago = (days: number) => `now() - interval '${days} days'`;
    await db.query({
      text: `insert into case_decisions (id, case_id, seq, decision, reasons, note, by, role, from_state, decided_at, effective_at, effect)
             select 'cdn_' || n, 'case_' || n, 1, 'block', '{hate}', 'Ms A. of B.', 'user_a', 'first', 'open', ${ago(800)}, ${ago(800)}, 'none' from generate_series(1, 6) n`,
    });
    await db.query({ text: `update cases set state = 'blocked', closed_by = 'user_a', closed_at = ${ago(366)}` });
    await db.query({ text: `update cases set closed_at = ${ago(364)} where id = 'case_2'` });
    await db.query({ text: "update cases set restricted = true, queue = 'child_safety' where id = 'case_3'" });
    await db.query({
      text: `insert into appeals (id, decision_id, generation_id, case_id, language, filed_by) values ('apl_4', 'dec_4', 'gen_4', 'case_1', 'en', 'key_a')`,
    });
    await db.query({
      text: `insert into user_measures (id, application, user_digest, action, until, case_id, imposed_by)
             values ('msr_5', 'a', 'x', 'ban', null, 'case_5', 'user_a'), ('msr_1', 'a', 'y', 'limit', ${ago(300)}, 'case_1', 'user_a')`,
    });
    await db.query({ text: "update cases set state = 'open', closed_at = null where id = 'case_6'" });
    await db.query({
      text: `insert into case_approvals (case_id, board, approves, by, note, given_at) values ('case_1', 'legal', true, 'user_l', 'for Ms A.', ${ago(800)}),
               ('case_2', 'legal', true, 'user_l', 'for Ms A.', ${ago(800)})`,
    });
    expect(await sweep()).toMatchObject([{ what: 'notes', count: 2 }]);
    const kept = async (text: string) => (await db.query<{ id: string }>({ text })).rows.map(({ id }) => id);
    expect(await kept('select case_id as id from case_decisions where note is not null order by 1')).toEqual([
      'case_2',
      'case_3',
      'case_4',
      'case_5',
      'case_6',
    ]);
    expect(await kept('select case_id as id from case_approvals where note is not null')).toEqual(['case_2']);
    expect((await db.query({ text: "select 1 from case_decisions where decision = 'block' and by = 'user_a'" })).rowCount).toBe(6);
    await db.query({ text: `update appeals set state = 'upheld', decided_at = ${ago(1)}` });
    await db.query({ text: 'update user_measures set lifted_by = imposed_by, lifted_at = now()' });
    expect((await sweep()).at(-1)).toMatchObject({ what: 'notes', count: 2 });
    expect(await kept('select case_id as id from case_decisions where note is not null order by 1')).toEqual([
      'case_2',
      'case_3',
      'case_6',
    ]);
  });

  it('says who else has a case open right now, and not who left', async () => {
    const { db } = await store();
    await writeActs(db, [heldAct(1)]);
    expect(await viewCase(db, 'case_1', 'user_a')).toEqual([]);
    expect(await viewCase(db, 'case_1', 'user_b')).toMatchObject([{ who: 'user_a' }]);
    await db.query({ text: "update case_viewers set seen_at = now() - interval '61 seconds' where by = 'user_a'" });
    expect(await viewCase(db, 'case_1', 'user_b')).toEqual([]);
    await leaveCase(db, 'case_1', 'user_b');
    expect(await viewCase(db, 'case_1', 'user_a')).toEqual([]);
  });

  it('counts failed sign-ins together for all processes, locks whoever fails again and again, and nobody else', async () => {
    const { db } = await store();
    const rules = { failures: 3, windowMs: 60_000, lockMs: 60_000 };
    const [one, other] = [createLockOut(db, rules), createLockOut(db, rules)];
    for (const process of [one, other]) await process.failed('192.0.2.0');
    await one.check('192.0.2.0');
    await one.failed('192.0.2.0');
    await expect(other.check('192.0.2.0')).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    await other.check('198.51.100.0');
    await db.query({ text: "update sign_in_failures set locked_until = now(), since = now() - interval '61 seconds'" });
    await other.check('192.0.2.0');
    await one.failed('192.0.2.0');
    await one.check('192.0.2.0');
    expect(JSON.stringify((await db.query({ text: 'select * from sign_in_failures' })).rows)).not.toContain('192.0.2');
  });
});
