import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { newId } from '../../contracts/ids.ts';
import type { ImageFormat } from '../../contracts/submission.ts';
import { createImageInspector } from '../../detectors/inspect-image.ts';
import { createFingerprint } from '../../detectors/pixels/picture-fingerprint.ts';
import type { Database } from '../../storage/database.ts';
import { generationRow } from '../../storage/generation-row.fixture.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { PictureFormat } from '../image-format.ts';
import type { SoftBinding } from '../manifest.ts';
import { FACTS } from '../pictures.fixture.ts';
import { testPki } from '../pki.fixture.ts';
import { createProvenance } from '../provenance.ts';
import { keepCredential } from './keep-credential.ts';
import type { Binding } from './manifest-store.ts';

/** Smooth spots on a colored slope: as much structure as a photograph has, another picture for each seed. */
export async function spots(
  seed: number,
  { format = 'png', width = 256, height = 192 }: { format?: PictureFormat; width?: number; height?: number } = {},
) {
  let state = (seed + 1) * 2_654_435_761;
  const next = () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
  const circles = Array.from({ length: 18 }, () => {
    const color = `rgb(${[next(), next(), next()].map((part) => Math.round(part * 255)).join(',')})`;
    return `<circle cx="${next() * width}" cy="${next() * height}" r="${10 + next() * 60}" fill="${color}" fill-opacity="0.8"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="rgb(${Math.round(next() * 255)},120,90)"/>${circles.join('')}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).toFormat(format).toBuffer());
}

/** A signer, an engine and a worker pool: everything that a published picture went through. */
export async function openPress() {
  const pki = await testPki();
  const pool = createWorkerPool({ size: 1 });
  const provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
  const inspector = createImageInspector({ pool });
  const fingerprint = createFingerprint(inspector);
  return {
    provenance,
    inspector,
    /** Signs a picture as publishing does and writes down what is kept of it. */
    async publish(
      db: Database,
      bytes: Uint8Array,
      format: PictureFormat,
      more: { binding?: SoftBinding; unasserted?: readonly Binding[] } = {},
    ) {
      const id = newId('art');
      const softBinding = more.binding ?? (await fingerprint(bytes));
      const manifest = { ...FACTS, artifact: id, ...(softBinding === null ? {} : { softBinding }) };
      const signed = await provenance.sign({ bytes, format, manifest });
      await record(db, { id, bytes: signed.bytes, format }, more.unasserted);
      return { id, bytes: signed.bytes };
    },
    async close() {
      await provenance.close();
      await pool.close();
    },
  };
}

export async function record(
  db: Database,
  picture: { id: `art_${string}`; bytes: Uint8Array; format: ImageFormat | 'avif' },
  unasserted: readonly Binding[] = [],
): Promise<void> {
  const { id } = picture;
  const at = '2026-11-21T12:00:00.000Z';
  const sha256 = createHash('sha256').update(picture.bytes).digest('hex');
  const row = { id, generation_id: 'gen_1', position: 0, kind: 'final' as const, raw_sha256: '00', raw_blob: 'b', created_at: at };
  await writeActs(db, [{ artifacts: [row], entries: [Buffer.from(`begin ${id}`)] }]);
  const update = {
    id,
    use: { surface: 'api', model: 'demo', operation: 'generate' as const, region: null },
    published_sha256: sha256,
    published_blob: 'p',
    published_format: picture.format,
    published_at: at,
    ledger_leaf: 'aa',
  };
  const kept = keepCredential({ ...picture, sha256 } as Parameters<typeof keepCredential>[0], unasserted);
  await writeActs(db, [{ artifactUpdates: [update], ...kept, entries: [Buffer.from(`publish ${id}`)] }]);
}

/** A migrated database with the generation that all pictures belong to. */
export async function prepare(db: Database): Promise<Database> {
  await migrate(db);
  const generation = generationRow('gen_1', { model: 'demo', state: 'published' });
  await writeActs(db, [{ generation, entries: [Buffer.from('begin')] }]);
  return db;
}
