import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { Category } from '../contracts/category.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { findCase } from '../review/case-store.ts';
import { decisionsOfCase } from '../review/decision-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { failed, planted, type Scene } from '../toolbox.fixture.ts';
import { reviewCase } from './review-case.ts';

const EDITED = Buffer.from('edited');
const ada = { id: 'user_ada', roles: ['reviewer'] } as const;
const regions = [{ x: 0, y: 0, width: 0.5, height: 0.5, how: 'blur' as const }];

/** The raw picture is held for hate; the edited one shows what it says here. */
const shows = (edited: Category | 'nothing' | 'unknown'): Scene => ({
  find: ({ subject, image }) => {
    if (subject.kind !== 'artifact') return [];
    if (image !== EDITED) return [planted(subject, 'hate', 0.6)];
    if (edited === 'unknown') return [failed(subject)];
    return edited === 'nothing' ? [] : [planted(subject, edited, 0.6)];
  },
});

describeEachDatabase('a picture that a person edited', (open) => {
  async function edit(scene: Scene) {
    const db = await open();
    const stored = await storedStage(db, scene);
    const submission = aSubmission({});
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const { caseId } = outcome;
    const edited = { bytes: EDITED, sha256: 'ed'.repeat(32), format: 'png', edits: ['blur'] } as const;
    const review = {
      ...stored.review,
      editPictures: async (rendered: Parameters<typeof stored.review.editPictures>[0]) => ({
        ...rendered,
        artifacts: rendered.artifacts.map((one) => ({ ...one, ...edited })),
      }),
    };
    const again = () => reviewCase(plainWish({ caseId, staff: ada, decision: 'edit', regions }), review);
    const recorded = await again();
    const state = (await stored.store.find(submission.id))?.state;
    return { ...stored, review, db, caseId, again, recorded, state, found: await findCase(db, caseId) };
  }

  it('is looked at again, and leaves when nothing new is seen, with the ledger telling from which picture it was made', async () => {
    for (const scene of [shows('nothing'), shows('hate')]) {
      const { state, found, steps, entries } = await edit(scene);
      expect([state, found?.state]).toEqual(['published', 'released']);
      expect(steps.filter((step) => step === 'looked at artifact')).toHaveLength(2);
      const told = await entries();
      expect(told.map(({ kind }) => kind).slice(-4)).toEqual(['decision.made', 'decision.made', 'artifact.edited', 'artifact.published']);
      expect(told.at(-2)).toMatchObject({
        leaves: true,
        artifacts: [{ from_sha256: expect.stringMatching(/^[0-9a-f]{64}$/), sha256: 'ed'.repeat(32), blurred: 1, cropped: 0 }],
      });
    }
  });

  it('is held again when something else is seen, or a check cannot tell any more, and whoever edited it can decide again', async () => {
    for (const scene of [shows('violence_gore'), shows('unknown')]) {
      const { state, found, steps, entries, again, db, caseId, store } = await edit(scene);
      expect([state, found]).toMatchObject(['held', { state: 'open', settlesAt: null, closedBy: null }]);
      expect(steps).not.toContain('signed');
      expect((await entries()).slice(-2)).toMatchObject([{ kind: 'artifact.edited', leaves: false }, { kind: 'case.reopened' }]);
      expect(await decisionsOfCase(db, caseId)).toMatchObject([{ effect: 'undone', undone_at: expect.any(Date) }]);
      await again();
      const generation = found?.kind === 'generation' ? found.generationId : 'gen_0';
      expect((await store.find(generation))?.state).toBe('published');
    }
  });

  it('that now looks like child abuse is for cleared staff alone', async () => {
    const { found, state } = await edit(shows('sexual_minors'));
    expect([state, found]).toMatchObject(['held', { state: 'open', restricted: true, queue: 'child_safety' }]);
  });
});
