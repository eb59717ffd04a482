import { expect, it } from 'vitest';
import { describeEachDatabase } from '../test/postgres/databases.ts';
import { aSubmission } from './contracts/stages.fixture.ts';
import { fsck } from './fsck.ts';
import { noteSigner } from './ledger/note.ts';
import { noteKeyFromSeed } from './ledger/note-key.ts';
import { createLedgerReader } from './ledger/reader.ts';
import { createSequencer } from './ledger/sequencer.ts';
import { storedStage } from './stored-toolbox.fixture.ts';

const ORIGIN = 'test.example/ledger';
const signer = noteSigner(noteKeyFromSeed(new Uint8Array(32).fill(5), ORIGIN).signerKey);

describeEachDatabase('comparing database, evidence and ledger', (open) => {
  async function published() {
    const db = await open();
    const stored = await storedStage(db);
    const submission = aSubmission();
    await (await stored.conductor.conduct(submission)).outcome;
    await createSequencer({ db, origin: ORIGIN, signer }).integrateOnce();
    const [artifact] = await stored.store.finalArtifacts(submission.id);
    if (artifact === undefined) throw new Error('nothing was published');
    const { evidence } = stored.toolbox;
    const progress: number[][] = [];
    const check = () => fsck({ db, evidence, ledger: createLedgerReader(db), onProgress: (...at) => progress.push(at) });
    return { db, evidence, artifact, submission, check, progress };
  }

  it('finds nothing wrong with what was honestly kept', async () => {
    const { check, progress } = await published();
    expect(await check()).toEqual([]);
    expect(progress).toEqual([[1, 1]]);
  });

  it('finds evidence that was deleted, raw or published', async () => {
    const { check, evidence, artifact } = await published();
    await evidence.shred(artifact.rawBlob);
    expect(await check()).toEqual([{ what: 'evidence', id: artifact.id, problem: 'the sealed raw picture cannot be opened' }]);
    await evidence.shred(artifact.published?.blob ?? '');
    expect((await check()).map(({ problem }) => problem)).toEqual([
      'the sealed raw picture cannot be opened',
      'the published picture cannot be opened',
    ]);
  });

  it('finds a picture that somebody put in the place of another', async () => {
    const { check, db, evidence, artifact } = await published();
    const { blob } = await evidence.seal({ id: artifact.id, kind: 'published', bytes: Buffer.from('another') });
    await db.query({ text: 'update artifacts set published_blob = $1', values: [blob] });
    expect(await check()).toEqual([{ what: 'evidence', id: artifact.id, problem: 'the published picture has another digest' }]);
  });

  it('finds a publication that the ledger does not know', async () => {
    const { check, db, artifact } = await published();
    await db.query({ text: 'update artifacts set ledger_leaf = $1', values: ['00'.repeat(32)] });
    expect(await check()).toEqual([{ what: 'ledger', id: artifact.id, problem: 'its publication is not in the ledger' }]);
  });

  it('finds a generation without a decision, and one that counts as published without a picture', async () => {
    const { check, db, submission } = await published();
    await db.query({ text: "update artifacts set published_at = null, published_blob = null where kind = 'final'" });
    expect(await check()).toMatchObject([{ what: 'decision', id: submission.id }]);
    await db.query({ text: "update generations set state = 'refused'" });
    expect(await check()).toEqual([]);
    await db.query({ text: 'delete from decisions' });
    expect(await check()).toMatchObject([{ what: 'decision', id: submission.id }]);
  });
});
