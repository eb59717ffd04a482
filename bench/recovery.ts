/**
 * What recovery gives back and how fast: `npx tsx bench/run.ts recovery`. 200 neutral pictures go through signing, then through a lossless
 * strip and through what platforms do to them; and look-ups among 100,000 fingerprints, on both engines.
 */
import { randomBytes } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { createManifestRepository } from '../src/provenance/recovery/manifest-repository.ts';
import { createPixelReader } from '../src/provenance/recovery/pixel-bindings.ts';
import { openPress, prepare, spots } from '../src/provenance/recovery/published.fixture.ts';
import { recover } from '../src/provenance/recovery/recover.ts';
import { strip } from '../src/provenance/recovery/strip.fixture.ts';
import { PDQ_ALGORITHM } from '../src/registries/pdq/pdq-algorithm.ts';
import { bandsOf } from '../src/registries/pdq/pdq-bands.ts';
import { formatPdq, pdqFromBytes } from '../src/registries/pdq/pdq-bits.ts';
import type { Database } from '../src/storage/database.ts';
import { onEachEngine } from './engines.ts';
import { note, writeResult } from './results.ts';
import { median, quantile } from './statistics.ts';

const PICTURES = 200;
const ROWS = Number(process.env['RECOVERY_ROWS'] ?? 100_000);
const ONLY_LOOK_UPS = process.argv.includes('--look-ups');
const BATCH = 2_000;
const FORMATS = ['png', 'jpeg', 'webp', 'gif'] as const;

const CHANGES: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'JPEG quality 70': (picture) => picture.jpeg({ quality: 70 }),
  'half the size': (picture) => picture.resize({ width: 256 }).png(),
  'half the size, JPEG quality 70': (picture) => picture.resize({ width: 256 }).jpeg({ quality: 70 }),
  'JPEG quality 30': (picture) => picture.jpeg({ quality: 30 }),
  mirrored: (picture) => picture.flop().png(),
  'cropped by 5 % on each side': (picture) => picture.extract({ left: 26, top: 19, width: 460, height: 346 }).png(),
};

async function recoverAll(db: Database) {
  const press = await openPress();
  await prepare(db);
  const parts = {
    repository: createManifestRepository(db),
    readPixels: createPixelReader({ inspect: (bytes) => press.inspector.inspect(bytes) }),
    provenance: press.provenance,
  };
  try {
    const published = [];
    for (let i = 0; i < PICTURES; i++) {
      const format = FORMATS[i % FORMATS.length] ?? 'png';
      published.push({ ...(await press.publish(db, await spots(i, { format, width: 512, height: 384 }), format)), format });
    }
    note(`${PICTURES} pictures signed`);
    let whole = 0;
    for (const { bytes, format } of published) {
      const found = await recover(strip(bytes, format), parts);
      const isSame = found.kind === 'reattached' && Buffer.compare(found.bytes, bytes) === 0;
      if (isSame && (await press.provenance.verify(found.bytes)).state === 'trusted') whole++;
    }
    const matched: Record<string, number> = {};
    for (const [name, change] of Object.entries(CHANGES)) {
      let right = 0;
      for (const { id, bytes } of published) {
        const found = await recover(await change(sharp(bytes)).toBuffer(), parts);
        if (found.kind === 'matched' && found.credential.artifactId === id) right++;
      }
      matched[name] = right;
      note(`${name}: ${right} of ${PICTURES}`);
    }
    let strangers = 0;
    for (let i = 0; i < PICTURES; i++) {
      if ((await recover(await spots(10_000 + i, { width: 512, height: 384 }), parts)).kind !== 'unknown') strangers++;
    }
    return { reattachedAndTrusted: whole, matched, strangersMatched: strangers };
  } finally {
    await press.close();
  }
}

/** Random fingerprints, which is what those of unlike pictures are to each other. */
async function fill(db: Database): Promise<readonly Buffer[]> {
  await db.query({
    text: `insert into artifacts (id, generation_id, position, kind, raw_sha256, raw_blob, created_at)
      select 'art_syn' || i, 'gen_1', 0, 'final', '0', 'b', now() from generate_series(0, $1::int - 1) i`,
    values: [ROWS],
  });
  await db.query({
    text: `insert into credentials (manifest_id, artifact_id, format, signed_sha256, stripped_sha256, segment, segment_offset, moving)
      select 'urn:c2pa:' || i, 'art_syn' || i, 'png', 'a' || i, 'b' || i, '\\x00', 0, '\\x' from generate_series(0, $1::int - 1) i`,
    values: [ROWS],
  });
  const values: Buffer[] = [];
  for (let from = 0; from < ROWS; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, ROWS - from) }, (_, i) => {
      const value = randomBytes(32);
      values.push(value);
      const pdq = pdqFromBytes(value) ?? new Uint32Array(8);
      return { manifest_id: `urn:c2pa:${from + i}`, value: value.toString('base64'), pdq: `x${formatPdq(pdq)}`, bands: bandsOf(pdq) };
    });
    await db.query({
      text: `insert into credential_bindings (manifest_id, alg, value, is_asserted, pdq, bands) select manifest_id, $2, decode(value, 'base64'), true, pdq, bands
        from jsonb_to_recordset($1::jsonb) as x(manifest_id text, value text, pdq bit(256), bands int[])`,
      values: [JSON.stringify(rows), PDQ_ALGORITHM],
    });
  }
  await db.query({ text: 'analyze' });
  return values;
}

async function lookUp(db: Database) {
  const startedAt = performance.now();
  const values = await fill(db);
  const fillSeconds = (performance.now() - startedAt) / 1000;
  note(`${ROWS} rows in ${fillSeconds.toFixed(0)} s`);
  const repository = createManifestRepository(db);
  const times: number[] = [];
  let right = 0;
  const LOOK_UPS = 300;
  for (let i = 0; i < LOOK_UPS; i++) {
    const at = Math.floor(Math.random() * values.length);
    const value = Buffer.from(values[at] ?? '');
    for (let bit = 0; bit < 25; bit++) {
      const turned = Math.floor(Math.random() * 256);
      value[turned >> 3] = (value[turned >> 3] ?? 0) ^ (1 << (turned & 7));
    }
    const before = performance.now();
    const found = await repository.byBinding({ alg: PDQ_ALGORITHM, value }, 10);
    times.push(performance.now() - before);
    if (found[0]?.manifestId === `urn:c2pa:${at}`) right++;
  }
  const size = await db.query<{ bands: string; all: string }>({
    text: `select pg_relation_size('credential_bindings_by_band') / 1048576.0 as bands, pg_total_relation_size('credential_bindings') / 1048576.0 as all`,
  });
  return {
    rows: ROWS,
    fillSeconds,
    found: right / LOOK_UPS,
    medianMs: median(times),
    p95Ms: quantile(times, 0.95),
    lookUpsPerSecond: (1000 * LOOK_UPS) / times.reduce((sum, time) => sum + time, 0),
    bandIndexMb: Number(size.rows[0]?.bands),
    bindingsMb: Number(size.rows[0]?.all),
  };
}

let recovered: Awaited<ReturnType<typeof recoverAll>> | undefined;
const lookUps = await onEachEngine(async (db) => {
  if (recovered === undefined && !ONLY_LOOK_UPS) recovered = await recoverAll(db);
  else await prepare(db);
  return lookUp(db);
});
await writeResult('recovery', { pictures: PICTURES, ...recovered, lookUps });
