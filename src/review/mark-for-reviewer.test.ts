import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { createJournal } from '../ledger/journal.ts';
import { prepare, record } from '../provenance/recovery/published.fixture.ts';
import { viewOfPayload } from '../registries/marks/mark-records.ts';
import { createRecognizeMark } from '../registries/marks/recognize-mark.ts';
import { writeActs } from '../storage/write-acts.ts';
import { createPictureFinisher } from '../watermark/finish-picture.ts';
import { newMarkKey } from '../watermark/mark-key.ts';
import { texturedPicture } from '../watermark/pictures.fixture.ts';
import { createMarkReader } from '../watermark/read-mark.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { markForReviewer } from './mark-for-reviewer.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());

const ID = 'art_held' as const;
const png = async (side: number) => {
  const { data, width, height, channels } = texturedPicture(side, side);
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).png().toBuffer());
};

describeEachDatabase('a picture that is shown to a reviewer', (open) => {
  async function desk() {
    const db = await prepare(await open());
    await record(db, { id: ID, bytes: await png(64), format: 'png' });
    const keys = [newMarkKey(3)] as const;
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const finish = createPictureFinisher({ pool, keys: [...keys], issuer: 0, version: 2 });
    const recognizeMark = createRecognizeMark({ reader: createMarkReader({ pool, keys }), db, effort: 'standard' });
    const show = (bytes: Uint8Array) =>
      markForReviewer({ artifactId: ID, bytes, format: 'png', reviewer: 'local' }, { finish, db, journal });
    const entries = async () => {
      const { rows } = await db.query<{ text: string }>({
        text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id",
      });
      return rows.flatMap(({ text }) => (text.startsWith('{') ? [JSON.parse(text)] : []));
    };
    return { db, show, recognizeMark, entries };
  }

  it('leads from a photograph of the screen to who looked and when, and is never taken for one that was published', async () => {
    const { db, show, recognizeMark, entries } = await desk();
    const { bytes, view, isMarked } = await show(await png(768));
    expect(isMarked).toBe(true);
    const leaked = new Uint8Array(await sharp(bytes).resize(600).jpeg({ quality: 70 }).toBuffer());
    const mark = await recognizeMark(leaked);
    expect(mark).toMatchObject({ kind: 'found', of: 'review-copy', artifactId: null });
    const payload = mark.kind === 'found' ? mark.detection.payload : '';
    expect(await viewOfPayload(db, payload)).toMatchObject({ id: view, reviewer: 'local', artifactId: ID });
    expect(await entries()).toMatchObject([{ kind: 'artifact.shown', artifact: ID, view, by: 'operator:local', marked: true }]);
  });

  it('is another one at each view', async () => {
    const { show } = await desk();
    const picture = await png(256);
    const [one, two] = [await show(picture), await show(picture)];
    expect(one.view).not.toBe(two.view);
    expect(Buffer.compare(one.bytes, two.bytes)).not.toBe(0);
  });

  it('is on record although it is too small for a mark', async () => {
    const { show, entries } = await desk();
    expect(await show(await png(48))).toMatchObject({ isMarked: false });
    expect(await entries()).toMatchObject([{ kind: 'artifact.shown', marked: false, reason: 'too_small' }]);
  });
});
