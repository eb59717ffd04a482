import { expect, it } from 'vitest';
import { describeEachDatabase } from '../test/postgres/databases.ts';
import { newId } from './contracts/ids.ts';
import { aSubmission } from './contracts/stages.fixture.ts';
import { explainGeneration } from './explain-generation.ts';
import { plainWish } from './review/decision-wish.ts';
import { reviewCase } from './settle/review-case.ts';
import { storedStage } from './stored-toolbox.fixture.ts';
import { planted, type Scene } from './toolbox.fixture.ts';

const PROMPT = 'a very particular teapot';

describeEachDatabase('the explanation of a generation', (open) => {
  async function conducted(scene: Scene) {
    const db = await open();
    const stored = await storedStage(db, scene);
    const submission = aSubmission({ request: { prompt: PROMPT } });
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    const parts = { db, store: stored.store, ledger: { findEntry: async () => 7 }, policy: stored.toolbox.policy };
    return { ...stored, db, outcome, id: submission.id, explained: (id: string) => explainGeneration(id, parts) };
  }

  it('tells each decision from what was written down, whichever id is asked for', async () => {
    const { outcome, id, review, explained, store, conductor } = await conducted({
      find: ({ subject }) => (subject.kind === 'prompt' ? [planted(subject, 'hate', 0.6)] : []),
    });
    if (outcome.kind !== 'held') throw new Error('not held');
    await reviewCase(plainWish({ caseId: outcome.caseId, decision: 'release', staff: { id: 'key_op', roles: ['operator'] } }), review);
    await conductor.drain(5_000);
    const told = await explained(id);
    expect(told.generation).toMatchObject({ id, state: 'published', operation: 'generate', surface: 'api', model: 'studio' });
    expect(told.decisions).toMatchObject([
      {
        stage: 'prompt',
        action: 'hold',
        by: 'policy',
        caseId: outcome.caseId,
        rules: [{ rule: 'threshold:hate:hold' }],
        reasoning: { risks: [{ category: 'hate', risk: 0.6, contributions: [{ check: 'planted', added: 0.6, family: 'words' }] }] },
        ledger: { leaf: expect.stringMatching(/^[0-9a-f]{64}$/), index: 7 },
      },
      { stage: 'review', action: 'allow', by: 'operator:key_op', reasoning: null, ledger: { index: 7 } },
      {
        stage: 'output',
        action: 'allow',
        reasoning: { crossFloors: [{ rule: 'floor:minor_sexual' }, { rule: 'floor:real_person_undress' }] },
      },
    ]);
    expect(told.decisions[0]?.tree).toContain('threshold:hate:hold → hold');
    expect(told.decisions[0]?.findings.length).toBeGreaterThan(4);
    const [artifact] = await store.finalArtifacts(id);
    expect(told.artifacts).toMatchObject([{ id: artifact?.id, sha256: artifact?.published?.sha256, ledger: { index: 7 } }]);
    for (const other of [artifact?.id ?? '', told.decisions[1]?.id ?? '', outcome.caseId]) expect(await explained(other)).toEqual(told);
  });

  it('says no word of the prompt', async () => {
    const { id, explained } = await conducted({});
    expect(JSON.stringify(await explained(id))).not.toContain('teapot');
  });

  it('does without what earlier versions did not write down', async () => {
    const { id, explained, db } = await conducted({});
    await db.query({ text: "update decisions set body = body - 'reasoning' - 'ledgerLeaf'" });
    const [first] = (await explained(id)).decisions;
    expect(first).toMatchObject({ reasoning: null, ledger: null });
    expect(first?.tree).toContain('no rule fired');
  });

  it('knows nothing of what is not there', async () => {
    const { explained } = await conducted({});
    for (const id of [newId('gen'), newId('art'), newId('dec'), newId('case'), 'nonsense', ''])
      await expect(explained(id), id).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
