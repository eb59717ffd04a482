import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { Outcome } from '../contracts/stages.ts';
import { createUserDigest } from '../review/case-digests.ts';
import { migrate } from '../storage/migrate.ts';
import { Behavior } from './behavior.ts';
import { createDecidedWords } from './campaign-store.ts';
import { createMarkNews, saveMarks } from './mark-store.ts';
import { publishedHashes } from './published-hashes.ts';
import { createSuspectStore } from './suspect-store.ts';
import { type BehaviorWatch, watchBehavior } from './watch-behavior.ts';

const BASE = 'amber lantern beside seven copper kettles under northern glass dome';

const OUTCOMES = {
  refused: { kind: 'refused', refusal: { decisionId: 'dec_1', stage: 'prompt', categories: [], policy: 'p', by: 'policy' } },
  published: { kind: 'published', createdAt: '', decisionId: 'dec_1', policy: 'p', artifacts: [], usage: null, details: {}, notes: [] },
  failed: { kind: 'failed', code: 'MODEL_FAILED' },
} as const satisfies Record<string, Outcome>;

function ask(watch: BehaviorWatch, prompt: string, user: string | null = 'somebody', outcome: keyof typeof OUTCOMES = 'refused') {
  const submission = aSubmission({
    request: { prompt },
    ...(user === null ? {} : { conversation: { conversations: [], endUsers: [user] } }),
  });
  const scores = watch.observe(submission);
  watch.conclude(submission, OUTCOMES[outcome]);
  return scores?.probing;
}

const mutated = (i: number) =>
  BASE.split(' ')
    .map((word, at) => (at === i ? `other${i}` : word))
    .join(' ');

describeEachDatabase('what accounts do, across processes', (open) => {
  async function processes() {
    const db = await open();
    await migrate(db);
    const one = () =>
      watchBehavior({
        behavior: new Behavior({ suspects: 1_024, triples: 1_024, seed: 5 }),
        wordsOf: (prompt) => prompt.split(' '),
        userDigest: createUserDigest(new Uint8Array(32)),
        store: createSuspectStore(db),
        saveMarks: (marks) => saveMarks(db, marks),
        markNews: createMarkNews(db),
        decidedWords: createDecidedWords(db),
        hashesOf: (artifacts) => publishedHashes(db, artifacts),
      });
    return { db, first: one(), second: one(), later: one };
  }

  it('is known to another process after an exchange, and to one that starts later', async () => {
    const { first, second, later } = await processes();
    for (let i = 0; i < 6; i++) ask(first, mutated(i));
    expect(ask(second, mutated(7), 'somebody', 'failed')).toBe(0);
    await first.exchange();
    await second.exchange();
    expect(ask(second, mutated(7), 'somebody', 'failed')).toBeGreaterThan(0.8);
    const third = later();
    await third.exchange();
    expect(ask(third, mutated(7), 'somebody', 'failed')).toBeGreaterThan(0.8);
  });

  it('is one account wherever it asks: two processes that each saw half come to the same', async () => {
    const { first, second } = await processes();
    for (let i = 0; i < 8; i++) {
      ask(i % 2 === 0 ? first : second, mutated(i));
      for (const watch of [first, second, first]) await watch.exchange();
    }
    expect(ask(first, mutated(9), 'somebody', 'failed')).toBeGreaterThan(0.8);
  });

  it('stands in the database as numbers alone', async () => {
    const { db, first } = await processes();
    for (let i = 0; i < 3; i++) ask(first, mutated(i));
    await first.exchange();
    const { rows } = await db.query({ text: 'select s::text as text from behavior_suspects s' });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/somebody|lantern|copper/);
  });

  it('fades in the database too, whoever writes last and whoever asks again', async () => {
    const { db, first, second, later } = await processes();
    for (let i = 0; i < 8; i++) ask(first, mutated(i));
    await first.exchange();
    await db.query({ text: "update behavior_suspects set seen_at = seen_at - interval '8 days'" });
    const third = later();
    await third.exchange();
    ask(third, 'a red ball on green grass');
    for (const watch of [third, second, third, second]) await watch.exchange();
    const { rows } = await db.query<{ refused: number }>({ text: 'select refused from behavior_suspects' });
    expect(rows[0]?.refused).toBeLessThan(2);
    expect(ask(second, mutated(8), 'somebody', 'failed')).toBeLessThan(0.6);
  });

  it('keeps what somebody did long before it was decided, and what could not be told when the database was away', async () => {
    const { db, first, second, later } = await processes();
    const before = aSubmission({ request: { prompt: mutated(0) }, conversation: { conversations: [], endUsers: ['slow'] } });
    for (let i = 0; i < 6; i++) {
      const slow = {
        ...before,
        id: `gen_slow${i}` as const,
        receivedAt: new Date(Date.now() - 60_000),
        request: { ...before.request, prompt: mutated(i) },
      };
      first.observe(slow);
      await first.exchange();
      first.conclude(slow, OUTCOMES.refused);
    }
    await db.query({ text: 'alter table behavior_marks rename to away' });
    await expect(first.exchange()).rejects.toThrow();
    await db.query({ text: 'alter table away rename to behavior_marks' });
    for (const watch of [first, second, later()]) {
      await watch.exchange();
      expect(ask(watch, mutated(7), 'slow', 'failed')).toBeGreaterThan(0.8);
    }
    const { rows } = await db.query<{ marks: bigint }>({ text: 'select count(*)::int as marks from behavior_marks' });
    expect(rows[0]?.marks).toBe(6);
  });

  it('is its key where no end user is named, for what comes back alone; and nothing where the model failed', async () => {
    const { db, first } = await processes();
    for (let i = 0; i < 9; i++) ask(first, mutated(i), null);
    expect(ask(first, mutated(1), null, 'failed')).toBe(0.75);
    expect(ask(first, 'a red ball on green grass', null)).toBe(0);
    await first.exchange();
    expect((await db.query({ text: 'select 1 from behavior_marks' })).rowCount).toBe(0);
    for (let i = 0; i < 9; i++) ask(first, mutated(i), 'unlucky', 'failed');
    expect(ask(first, mutated(1), 'unlucky')).toBe(0);
  });
});
