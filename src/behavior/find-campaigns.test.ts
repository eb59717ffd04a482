import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { Outcome } from '../contracts/stages.ts';
import { createJournal } from '../ledger/journal.ts';
import { createUserDigest } from '../review/case-digests.ts';
import { openCase } from '../review/open-case.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { Behavior } from './behavior.ts';
import { createDecidedWords, decideCampaign, findCampaign, listCampaigns, membersOf } from './campaign-store.ts';
import { findCampaigns } from './find-campaigns.ts';
import { createMarkNews, saveMarks } from './mark-store.ts';
import { createSuspectStore } from './suspect-store.ts';
import { watchBehavior } from './watch-behavior.ts';

const REFUSED: Outcome = { kind: 'refused', refusal: { decisionId: 'dec_1', stage: 'prompt', categories: [], policy: 'p', by: 'policy' } };
const published = (id: string): Outcome => ({
  ...{ kind: 'published', createdAt: '', decisionId: 'dec_1', policy: 'p', usage: null, details: {}, notes: [] },
  artifacts: [{ id: `art_${id}`, format: 'png', sha256: '' }],
});
const template = (slot: string) => `seven copper kettles ${slot} under northern glass dome`;
/** Hashes of one picture with a few bits turned. */
const HASH = Uint32Array.from({ length: 8 }, (_, i) => 0x9e3779b9 * (i + 1));
const nearly = (i: number) => HASH.map((word, at) => (at === i % 8 ? word ^ (1 << (i % 32)) : word));

describeEachDatabase('campaigns', (open) => {
  async function gateway() {
    const db = await open();
    await migrate(db);
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    let pictures = 0;
    const one = () => {
      const behavior = new Behavior({ suspects: 1_024, triples: 4_096, pictures: 256, seed: 5 });
      const watch = watchBehavior({
        behavior,
        wordsOf: (prompt) => prompt.split(' '),
        userDigest: createUserDigest(new Uint8Array(32)),
        store: createSuspectStore(db),
        saveMarks: (marks) => saveMarks(db, marks),
        markNews: createMarkNews(db),
        decidedWords: createDecidedWords(db),
        hashesOf: async (artifacts) => new Map(artifacts.map((id) => [id, nearly(pictures++)])),
      });
      const ask = (prompt: string, user: string, outcome: Outcome = REFUSED) => {
        const submission = aSubmission({ request: { prompt }, conversation: { conversations: [], endUsers: [user] } });
        const scores = watch.observe(submission);
        watch.conclude(submission, outcome);
        return scores;
      };
      const find = () =>
        findCampaigns(new Date(Date.now() - 60_000), {
          ...{ db, behavior },
          openCase: (tx, { id, categories }) =>
            openCase(tx, { about: { kind: 'campaign', ids: { campaign: id } }, categories }, { kind: 'campaign.found' }, { journal }),
        });
      return { watch, ask, find };
    };
    return { db, first: one(), second: one() };
  }

  it('open one case however many join, from whichever process; what a person stops is known everywhere, and what is cleared stays so', async () => {
    const { db, first, second } = await gateway();
    for (let i = 0; i < 8; i++) (i % 2 === 0 ? first : second).ask(template(`slot${i}`), `member${i}`);
    for (const { watch } of [first, second, first]) await watch.exchange();
    expect([await first.find(), await second.find(), await first.find()]).toEqual([1, 0, 0]);
    const [found, ...others] = await listCampaigns(db, { state: 'open', withRestricted: false, limit: 9 });
    expect([others, found]).toEqual([[], expect.objectContaining({ kind: 'words', accounts: 8, refusals: 8, applications: ['default'] })]);
    if (found === undefined) throw new Error('nothing was found');
    const cases = await db.query({ text: "select queue, state from cases where kind = 'campaign'" });
    expect(cases.rows).toEqual([{ queue: 'campaigns', state: 'open' }]);
    expect(second.ask(template('x'), 'newcomer')?.campaign).toBeLessThan(1);
    const decide = async (state: 'stopped' | 'cleared') => {
      await db.transaction((tx) => decideCampaign(tx, found.id, { state, userAction: null, by: 'user_ada' }));
      await second.watch.exchange();
    };
    await decide('stopped');
    expect(second.ask(template('y'), 'another')).toMatchObject({
      campaign: 1,
      reasons: expect.arrayContaining(['behavior:stopped-campaign']),
    });
    expect(second.ask('a red ball on green grass', 'another')?.campaign).toBe(0);
    await second.watch.exchange();
    expect([await second.find(), (await membersOf(db, found.id, 99)).length]).toEqual([0, 10]);
    await decide('cleared');
    expect(second.ask(template('z'), 'member1')?.campaign).toBe(0);
    expect([await second.find(), (await findCampaign(db, { id: found.id }))?.state]).toEqual([0, 'cleared']);
  });

  it('of pictures that look alike are found across processes, and one account that repeats itself shows by its score', async () => {
    const { db, first, second } = await gateway();
    for (let i = 0; i < 12; i++) (i % 2 === 0 ? first : second).ask(`prompt number ${i}`, `maker${i % 6}`, published(`a${i}`));
    for (let i = 0; i < 40; i++) first.ask(`other ${i}`, 'mass', published(`b${i}`));
    for (const { watch } of [first, second, first, second]) await watch.exchange();
    expect(await second.find()).toBe(1);
    const [found] = await listCampaigns(db, { state: 'open', withRestricted: false, limit: 9 });
    expect(found).toMatchObject({ kind: 'pictures' });
    expect(found?.accounts).toBeGreaterThanOrEqual(5);
    expect(first.ask('one more', 'mass')?.copies).toBeGreaterThan(0.5);
    expect(first.ask('one more', 'maker0')?.copies).toBe(0);
  });
});
