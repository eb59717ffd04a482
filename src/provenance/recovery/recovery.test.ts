import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { pdqToBytes } from '../../registries/pdq/pdq-bits.ts';
import type { Database } from '../../storage/database.ts';
import { PICTURE_FORMATS } from '../image-format.ts';
import { createFindCandidates, createFindReattached } from './find-candidates.ts';
import { createManifestRepository } from './manifest-repository.ts';
import { createPixelReader } from './pixel-bindings.ts';
import { openPress, prepare, spots } from './published.fixture.ts';
import { type Recovery, recover } from './recover.ts';
import { strip } from './strip.fixture.ts';

let press: Awaited<ReturnType<typeof openPress>>;
beforeAll(async () => {
  press = await openPress();
});
afterAll(() => press?.close());

function parts(db: Database, watermark?: { alg: string; value: Uint8Array }) {
  const readPixels = createPixelReader({
    inspect: (bytes) => press.inspector.inspect(bytes),
    ...(watermark === undefined ? {} : { readWatermarks: async () => [watermark] }),
  });
  return { repository: createManifestRepository(db), readPixels, provenance: press.provenance };
}

function matched(recovery: Recovery) {
  if (recovery.kind !== 'matched') throw new Error(recovery.kind);
  return recovery;
}

describeEachDatabase('recovery', (open) => {
  it.each(PICTURE_FORMATS)('gives a losslessly stripped %s its credential back, byte for byte, and it is trusted again', async (format) => {
    const db = await prepare(await open());
    const { id, bytes } = await press.publish(db, await spots(1, { format }), format);
    const stripped = strip(bytes, format);
    expect((await press.provenance.verify(stripped)).state).toBe('none');
    const recovery = await recover(stripped, parts(db));
    expect(recovery).toMatchObject({ kind: 'reattached', credential: { artifactId: id } });
    if (recovery.kind !== 'reattached') return;
    expect(Buffer.compare(recovery.bytes, bytes)).toBe(0);
    expect((await press.provenance.verify(recovery.bytes)).state).toBe('trusted');
  });

  it('gives it back when somebody put a credential of another picture in its place', async () => {
    const db = await prepare(await open());
    const [one, other] = [await press.publish(db, await spots(1), 'png'), await press.publish(db, await spots(2), 'png')];
    const foreign = Buffer.from(other.bytes).subarray(33, 45 + Buffer.from(other.bytes).readUInt32BE(33));
    const bare = Buffer.from(strip(one.bytes, 'png'));
    const swapped = Buffer.concat([bare.subarray(0, 33), foreign, bare.subarray(33)]);
    expect((await press.provenance.verify(swapped)).state).toBe('invalid');
    expect(await recover(swapped, parts(db))).toMatchObject({ kind: 'reattached', credential: { artifactId: one.id } });
  });

  it('knows the very file', async () => {
    const db = await prepare(await open());
    const { bytes } = await press.publish(db, await spots(1), 'png');
    expect((await recover(bytes, parts(db))).kind).toBe('intact');
  });

  it('does not give it to a stripped file in which one pixel was changed', async () => {
    const db = await prepare(await open());
    const { id, bytes } = await press.publish(db, await spots(1, { format: 'jpeg' }), 'jpeg');
    const stripped = strip(bytes, 'jpeg');
    stripped[stripped.length - 40] = (stripped[stripped.length - 40] ?? 0) ^ 1;
    const { credential, report } = matched(await recover(stripped, parts(db)));
    expect(credential.artifactId).toBe(id);
    expect(report).toMatchObject({ state: 'invalid', codes: ['assertion.dataHash.mismatch'] });
  });

  it.each([
    ['a JPEG of quality 70', (picture: Sharp) => picture.jpeg({ quality: 70 })],
    ['half its size', (picture: Sharp) => picture.resize(128).png()],
    ['its mirror image', (picture: Sharp) => picture.flop().png()],
    ['turned on its side', (picture: Sharp) => picture.rotate(90).webp()],
  ])('finds the manifest of %s, and says that the file is not what was signed', async (_, change) => {
    const db = await prepare(await open());
    for (const seed of [2, 3, 4]) await press.publish(db, await spots(seed), 'png');
    const { id, bytes } = await press.publish(db, await spots(1), 'png');
    const { credential, match, report } = matched(await recover(await change(sharp(bytes)).toBuffer(), parts(db)));
    expect(credential.artifactId).toBe(id);
    expect(match).toMatchObject({ by: 'perceptual-hash', alg: 'org.imprimatur.pdq' });
    expect(match.similarity).toBeGreaterThanOrEqual(76);
    expect(report).toMatchObject({
      state: 'invalid',
      codes: ['assertion.dataHash.mismatch'],
      signer: { commonName: 'Imprimatur development signer' },
    });
  });

  it('knows nothing of a picture that is not ours, of noise without a picture, and of half a file', async () => {
    const db = await prepare(await open());
    const { bytes } = await press.publish(db, await spots(1), 'png');
    expect(await recover(await spots(99), parts(db))).toEqual({ kind: 'unknown' });
    expect(await recover(new Uint8Array(100).fill(7), parts(db))).toEqual({ kind: 'unknown' });
    expect(await recover(new Uint8Array(), parts(db))).toEqual({ kind: 'unknown' });
    expect(await recover(bytes.subarray(0, 5000), parts(db))).toEqual({ kind: 'unknown' });
  });

  it('shows that a mark was copied into another picture: the manifest is found, and the pixels are not alike', async () => {
    const db = await prepare(await open());
    const mark = { alg: 'org.imprimatur.watermark.test', value: new Uint8Array(8).fill(9) };
    const inspection = await parts(db).readPixels(await spots(1));
    const unasserted = [{ alg: 'org.imprimatur.pdq', value: pdqToBytes(inspection?.pdq[0] ?? new Uint32Array(8)) }];
    const { id, bytes } = await press.publish(db, await spots(1), 'png', { binding: { ...mark, kind: 'watermark' }, unasserted });
    const own = matched(await recover(await sharp(bytes).jpeg().toBuffer(), parts(db, mark)));
    expect(own.match).toMatchObject({ by: 'watermark', artifactId: id, similarity: 100 });
    expect(own.match.likeness).toBeGreaterThan(76);
    const copied = matched(await recover(await spots(50), parts(db, mark)));
    expect(copied.match).toMatchObject({ by: 'watermark', artifactId: id, similarity: 100 });
    expect(copied.match.likeness).toBeLessThan(60);
    const [candidate] = (await createFindCandidates(parts(db, mark))(await spots(50))) ?? [];
    expect(candidate?.similarity).toBeLessThan(0.6);
  });

  it('never answers a binding with a manifest that asserts another value under the same algorithm', async () => {
    const db = await prepare(await open());
    const alg = 'org.imprimatur.watermark.test';
    const value = new Uint8Array(8).fill(1);
    const asserted = new Uint8Array(8).fill(2);
    const { id } = await press.publish(db, await spots(1), 'png', {
      binding: { alg, value: asserted, kind: 'watermark' },
      unasserted: [{ alg, value }],
    });
    const { repository } = parts(db);
    expect(await repository.byBinding({ alg, value }, 10)).toEqual([]);
    expect(await repository.byBinding({ alg, value: asserted }, 10)).toMatchObject([{ artifactId: id, similarity: 100 }]);
  });

  it('finds by every one of 31 turned bits, and by none of 32', async () => {
    const db = await prepare(await open());
    const value = new Uint8Array(32).fill(0x5a);
    const { id } = await press.publish(db, await spots(1), 'png', { binding: { alg: 'org.imprimatur.pdq', value, kind: 'fingerprint' } });
    const { repository } = parts(db);
    const near = (bits: number, step: number) => {
      const turned = Uint8Array.from(value);
      for (let i = 0; i < bits; i++) {
        const bit = (i * step) % 256;
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      }
      return repository.byBinding({ alg: 'org.imprimatur.pdq', value: turned }, 10);
    };
    for (const step of [1, 7, 33]) {
      expect(await near(31, step)).toMatchObject([{ artifactId: id, similarity: 76 }]);
      expect(await near(32, step)).toEqual([]);
    }
    expect(await repository.byBinding({ alg: 'org.imprimatur.pdq', value: value.subarray(1) }, 10)).toEqual([]);
  });

  it('says of a picture that was taken down that it was', async () => {
    const db = await prepare(await open());
    const { id, bytes } = await press.publish(db, await spots(1), 'png');
    await db.query({ text: "insert into takedowns (artifact_id, reason, taken_by) values ($1, 'test', 'local')", values: [id] });
    expect(await recover(strip(bytes, 'png'), parts(db))).toMatchObject({ credential: { isTakenDown: true } });
    const stripped = strip(bytes, 'png');
    const sha256 = createHash('sha256').update(stripped).digest('hex');
    expect(await createFindReattached(parts(db))(stripped, sha256)).toEqual({ artifactId: id, how: 'reattached', similarity: 1 });
  });
});

describe('what is kept', () => {
  it('is nothing of a picture that left unsigned', async () => {
    const { keepCredential } = await import('./keep-credential.ts');
    expect(keepCredential({ id: 'art_1', bytes: await spots(1), format: 'png', sha256: '' })).toEqual({ credentials: [], bindings: [] });
  });
});
