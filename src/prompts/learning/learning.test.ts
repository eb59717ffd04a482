import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { CaseId } from '../../contracts/ids.ts';
import { aSubmission } from '../../contracts/stages.fixture.ts';
import { plainWish } from '../../review/decision-wish.ts';
import { reviewCase } from '../../settle/review-case.ts';
import type { Database } from '../../storage/database.ts';
import { storedStage } from '../../stored-toolbox.fixture.ts';
import { planted, type Scene } from '../../toolbox.fixture.ts';
import { addLabel, countLabels, listLabels } from './label-store.ts';
import { readExamples, readTraffic } from './labeled-examples.ts';
import { decideProposal, listProposals, storeProposals } from './proposal-store.ts';
import { suggestTerms } from './suggest-terms.ts';

/** Prompts with this word are held for hate, pictures never. */
const HELD = 'marmot';
const scene: Scene = {
  find: ({ subject, prompt }) => (subject.kind === 'prompt' && prompt.includes(HELD) ? [planted(subject, 'hate', 0.6)] : []),
};

async function openDesk(db: Database) {
  const stored = await storedStage(db, scene);
  const parts = { db, evidence: stored.toolbox.evidence, journal: stored.journal };
  async function conduct(prompt: string, user: string) {
    const submission = aSubmission({ request: { prompt, parameters: { user } } });
    return { submission, outcome: await (await stored.conductor.conduct(submission)).outcome };
  }
  async function held(prompt: string, user: string): Promise<CaseId> {
    const { outcome } = await conduct(prompt, user);
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    return outcome.caseId;
  }
  const decide = (caseId: CaseId, decision: 'release' | 'block') =>
    reviewCase(plainWish({ caseId, decision, staff: { id: 'key_op', roles: ['operator'] } }), stored.review);
  return { ...stored, parts, conduct, held, decide };
}

describeEachDatabase('what reviewers decide', (open) => {
  it('teaches: blocked is an example of what held it, released is none, undecided is nothing', async () => {
    const { parts, held, decide, conductor } = await openDesk(await open());
    const [bad, good] = [await held('a marmot parade', 'one'), await held('a marmot in the snow', 'two')];
    await held('a marmot on a roof', 'three');
    await decide(bad, 'block');
    await decide(good, 'release');
    await conductor.drain(5_000);
    const { examples, unreadable } = await readExamples(parts);
    expect(unreadable).toBe(0);
    expect(examples).toHaveLength(2);
    expect(examples).toEqual(
      expect.arrayContaining([
        { id: bad, text: 'a marmot parade', labels: { hate: true }, caller: 'key_one/one' },
        { id: good, text: 'a marmot in the snow', labels: { hate: false }, caller: 'key_one/two' },
      ]),
    );
  });

  it('is corrected by a label of the case, of which the last counts', async () => {
    const { parts, held, decide } = await openDesk(await open());
    const caseId = await held('a marmot parade', 'one');
    await decide(caseId, 'block');
    await addLabel({ caseId }, { hate: true }, 'key_op', parts);
    await addLabel({ caseId }, { hate: false, violence_gore: true }, 'local', parts);
    expect((await readExamples(parts)).examples).toMatchObject([{ id: caseId, labels: { hate: false, violence_gore: true } }]);
    expect(await countLabels(parts.db)).toEqual([
      { category: 'hate', positive: 1, negative: 1 },
      { category: 'violence_gore', positive: 1, negative: 0 },
    ]);
  });

  it('is forgotten with the submission that it was about', async () => {
    const { parts, held, decide } = await openDesk(await open());
    const caseId = await held('a marmot parade', 'one');
    await decide(caseId, 'block');
    await parts.db.query({ text: 'update generations set submission = null' });
    expect(await readExamples(parts)).toEqual({ examples: [], unreadable: 1 });
  });

  it('keeps a labeled text sealed, and out of the ledger and the list', async () => {
    const { parts, entries } = await openDesk(await open());
    const { id } = await addLabel({ text: 'a quiet lighthouse' }, { hate: false }, 'key_op', parts);
    const said = JSON.stringify([await entries(), await listLabels(parts.db, 10)]);
    expect(said).not.toContain('lighthouse');
    expect(await entries()).toMatchObject([{ kind: 'prompt.labeled', label: id, by: 'key_op', text: /^hmac-sha256:/ }].map(matching));
    const { rows } = await parts.db.query<{ sealed: Buffer }>({ text: 'select sealed from prompt_labels' });
    expect(rows[0]?.sealed.includes('lighthouse')).toBe(false);
    expect((await readExamples(parts)).examples).toMatchObject([{ id, text: 'a quiet lighthouse', caller: 'operator:key_op' }]);
  });

  it('stores no second copy of the worst, and takes no label for a case that is not there', async () => {
    const { parts } = await openDesk(await open());
    await expect(addLabel({ text: 'x' }, { sexual_minors: true }, 'key_op', parts)).rejects.toThrow(/Label the case/);
    await expect(addLabel({ caseId: 'case_none' }, { hate: true }, 'key_op', parts)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listLabels(parts.db, 10)).length).toBe(0);
  });
});

/** A long prompt of words that nobody else says. */
const ordinary = (seed: number) => Array.from({ length: 60 }, (_, index) => `lantern${String.fromCharCode(97 + seed)}${index}`).join(' ');

describeEachDatabase('words proposed from cases', (open) => {
  it('are sealed, proposed once, and stay decided', async () => {
    const { parts, held, decide, conduct, entries } = await openDesk(await open());
    for (const user of ['one', 'two', 'three', 'four', 'five', 'six'])
      await decide(await held(`a marmot with a zorbling ${user}`, user), 'block');
    for (let index = 0; index < 12; index++) await conduct(ordinary(index), `reader ${index}`);
    const find = async () => {
      const { examples } = await readExamples(parts);
      const traffic = await readTraffic(parts, 100);
      expect(traffic).toHaveLength(12);
      const isKnown = async (term: string) => term.includes(HELD);
      return storeProposals(await suggestTerms({ examples, traffic, isKnown }), 'key_op', parts);
    };
    expect(await find()).toBeGreaterThan(0);
    const proposed = (await listProposals(parts.db, parts.evidence, 'proposed')).find(({ term }) => term === 'zorbling');
    expect(proposed).toMatchObject({ category: 'hate', confirmed: 6, callers: 6, benign: 0 });
    await decideProposal(proposed?.id ?? '', 'rejected', 'key_op', parts);
    expect(await find()).toBe(0);
    expect(await listProposals(parts.db, parts.evidence, 'rejected')).toMatchObject([{ term: 'zorbling', decidedBy: 'key_op' }]);
    await expect(decideProposal('prop_none', 'accepted', 'key_op', parts)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ledger = await entries();
    expect(ledger.filter(({ kind }) => kind === 'term.rejected')).toHaveLength(1);
    expect(JSON.stringify(ledger)).not.toContain('zorbling');
  });
});

/** `toMatchObject` takes patterns only as matchers. */
function matching(entry: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, value instanceof RegExp ? expect.stringMatching(value) : value]),
  );
}
