import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { newId } from '../contracts/ids.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { takedownOf } from '../registries/takedowns/takedown-store.ts';
import { findCase } from '../review/case-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { fileNotice } from '../review/notices/file-notice.ts';
import { noticesOfCase } from '../review/notices/notice-store.ts';
import { noticeWish } from '../review/notices/notice-wish.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { hideReported } from './hide-reported.ts';
import { correctCase, reviewCase } from './review-case.ts';
import { settleNotice } from './settle-notice.ts';

const person = () => ({ id: newId('user'), roles: ['senior_reviewer'] }) as const;
const [cleo, dora, emma, finn] = [person(), person(), person(), person()];

describeEachDatabase('a reported picture that nobody has looked at in time', (open) => {
  async function reported() {
    const db = await open();
    const stored = await storedStage(db);
    const { review, store, journal, toolbox } = stored;
    const submission = aSubmission({});
    await (await stored.conductor.conduct(submission)).outcome;
    const [artifact] = await store.finalArtifacts(submission.id);
    if (artifact === undefined) throw new Error('no picture');
    const report = async (region: string) => {
      const who = { name: 'A', email: 'a@example.org', signature: 'A', relation: 'subject' };
      const wish = noticeWish.parse({ kind: 'intimate_image', description: 'me', good_faith: true, region, ...who });
      const made = { wish, language: 'en', reported: [{ artifactId: artifact.id, foundBy: 'id' as const, distance: null }] };
      const { notice } = await fileNotice(
        { ...made, hashes: [], picture: null, flagger: null },
        { db, journal, evidence: toolbox.evidence },
      );
      return notice.case_id;
    };
    const told: (string | null)[] = [];
    const answered = async (_: unknown, notices: readonly { readonly outcome: string | null }[]) => {
      told.push(...notices.map(({ outcome }) => outcome));
    };
    const ground = { db, journal, store, policy: toolbox.policy, stayDown: { refresh: async () => undefined }, answered };
    const effects = {
      notice: (...effect: [Parameters<typeof settleNotice>[0], Parameters<typeof settleNotice>[1]]) => settleNotice(...effect, ground),
    };
    type Case = Awaited<ReturnType<typeof report>>;
    const desk = { ...review, effects };
    const remove = (caseId: Case) => reviewCase(plainWish({ caseId, staff: cleo, decision: 'remove', reasons: ['x'] }), desk);
    // What may show somebody undressed stays only when two people say so.
    const keep = async (caseId: Case) => {
      for (const staff of [cleo, dora]) await reviewCase(plainWish({ caseId, staff, decision: 'keep', reasons: ['x'] }), desk);
    };
    const correct = (caseId: Case, staff: typeof cleo, decision: 'keep' | 'remove_and_list') =>
      correctCase(plainWish({ caseId, staff, decision, reasons: ['x'], note: 'looked again' }), desk);
    const down = () => takedownOf(db, artifact.id);
    return { ...stored, db, submission, report, keep, remove, correct, down, told };
  }

  it('is shown to nobody while its case stays open, and again once somebody decides that it stays', async () => {
    const { db, journal, report, keep, down } = await reported();
    const caseId = await report('US');
    expect(await hideReported({ caseId }, { db, journal })).toBe('hide');
    expect([await down(), await findCase(db, caseId)]).toMatchObject([{ reason: 'under-review', by: 'timer' }, { state: 'open' }]);
    await keep(caseId);
    expect(await down()).toBeNull();
    expect(await hideReported({ caseId }, { db, journal })).toBe('decided');
    expect(await down()).toBeNull();
  });

  it('is down for good under the name of whoever decides so, and stays hidden while another late report of it is open', async () => {
    const { db, journal, report, keep, remove, down } = await reported();
    const [first, second] = [await report('US'), await report('GB')];
    await hideReported({ caseId: first }, { db, journal });
    await db.query({
      text: `insert into case_clocks (id, case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at, promised_at, due_at, passed_at)
             values ('clock_x', $1, 'uk-intimate-images', true, 'PT48H', 'UTC', 'hide', now() - interval '49 hours', now() - interval '1 hour', now() - interval '1 hour', now())`,
      values: [second],
    });
    await keep(first);
    expect(await down()).toMatchObject({ reason: 'under-review' });
    await remove(second);
    expect(await down()).toMatchObject({ reason: 'notice-intimate-image', by: cleo.id });
  });

  it('is shown again when the removal is corrected by two others, comes down when that is, and every reporter is told each time', async () => {
    const { db, report, remove, correct, down, told, submission, entries } = await reported();
    const caseId = await report('US');
    const outcome = async () => (await noticesOfCase(db, caseId)).map(({ outcome: one }) => one);
    await remove(caseId);
    expect(await correct(caseId, dora, 'keep')).toMatchObject({ kind: 'waits' });
    expect([(await down())?.reason, await outcome()]).toEqual(['notice-intimate-image', ['removed']]);
    await correct(caseId, emma, 'keep');
    expect([await down(), await outcome(), (await findCase(db, caseId))?.state]).toEqual([null, ['kept'], 'released']);
    await correct(caseId, finn, 'remove_and_list');
    expect([(await down())?.by, await outcome(), told]).toEqual([finn.id, ['removed'], ['removed', 'kept', 'removed']]);
    const kinds = (await entries()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'artifact.taken_down' || kind === 'artifact.restored')).toEqual([
      'artifact.taken_down',
      'artifact.restored',
      'artifact.taken_down',
    ]);
    // Its maker may appeal each removal.
    const text = "select 1 from decisions where generation_id = $1 and body ->> 'caseId' = $2";
    expect((await db.query({ text, values: [submission.id, caseId] })).rowCount).toBe(2);
  });

  it('that another report removed, too, stays down when one of the two is corrected', async () => {
    const { report, remove, correct, down } = await reported();
    const [first, second] = [await report('US'), await report('GB')];
    for (const caseId of [first, second]) await remove(caseId);
    for (const staff of [dora, emma]) await correct(first, staff, 'keep');
    expect(await down()).toMatchObject({ reason: 'notice-intimate-image' });
    for (const staff of [dora, emma]) await correct(second, staff, 'keep');
    expect(await down()).toBeNull();
  });
});
