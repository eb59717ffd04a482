import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/random.ts';
import { openLedgerInMemory } from '../../src/ledger/pglite.fixture.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import type { Database } from '../../src/storage/database.ts';
import { buildGoVerifier, runGoVerifier } from './go-verifier.ts';
import { createTestLog } from './ledger.fixture.ts';
import { fuzzLog, MUTATION_KINDS } from './mutations.ts';

const OLDER = 2_816;
const SIZE = 3_000;

const work = await mkdtemp(join(tmpdir(), 'tlog-verifier-'));
const binary = join(work, 'tlog-verifier');
const missing = await buildGoVerifier(binary);
if (missing !== null) console.warn(`tlog-verifier skipped: ${missing}`);

describe('the tools of this machine', () => {
  it('has the Go verifier built when CI=true', () => {
    if (process.env['CI'] === 'true') expect(missing).toBeNull();
  });
});

describe.skipIf(missing !== null)('an auditor with Google’s code and none of ours', () => {
  let db: Database;
  let log: ReturnType<typeof createTestLog>;
  let olderCheckpoint = '';
  const dir = join(work, 'log');
  const proofs = join(work, 'proofs.json');
  const audit = () => runGoVerifier(binary, { dir, verifierKey: log.verifierKey, witnessKey: log.witnessKey, proofs });

  beforeAll(async () => {
    db = await openLedgerInMemory();
    log = createTestLog(db);
    await log.grow(0, OLDER);
    olderCheckpoint = (await log.reader.latestCheckpoint({ minCosignatures: 1 })) ?? '';
    await log.grow(OLDER, SIZE);
    await log.export(dir);
    await log.writeProofs(proofs, { size: SIZE, count: 200, random: seededRandom(1) });
  });

  afterAll(async () => {
    await db.close();
    await rm(work, { recursive: true, force: true });
  });

  it('accepts signature, cosignature, every entry, every tile and every proof of an honest log', async () => {
    expect(await audit()).toBe(`PASS ${SIZE} entries, 2 signatures, 200 inclusion proofs, 200 consistency proofs`);
  });

  it('says the same as our own audit does, which also extends the older checkpoint', async () => {
    const fetch = (path: string) => readFile(join(dir, path));
    const ours = await verifyLog({ fetch, verifierKeys: [log.verifierKey, log.witnessKey], since: olderCheckpoint });
    expect(ours).toMatchObject({ ok: true, size: SIZE, problems: [] });
  });

  it('refuses the log under another key or another witness', async () => {
    const stranger = createTestLog(db);
    expect(await runGoVerifier(binary, { dir, verifierKey: stranger.verifierKey })).toMatch(/^FAIL checkpoint/);
    expect(await runGoVerifier(binary, { dir, verifierKey: log.verifierKey, witnessKey: stranger.witnessKey })).toMatch(/^FAIL no cosign/);
  });

  it('refuses the log after each kind of tampering, and so does our own audit', async () => {
    const fetch = (path: string) => readFile(join(dir, path));
    const verifierKeys = [log.verifierKey, log.witnessKey] as const;
    const current = await readFile(join(dir, 'checkpoint'), 'utf8');
    const result = await fuzzLog({
      dir,
      olderCheckpoint,
      count: MUTATION_KINDS.length * 12,
      seed: 20_261_121,
      detected: async () => (await audit()).startsWith('FAIL') && !(await verifyLog({ fetch, verifierKeys, since: current })).ok,
    });
    expect(result.undetected).toEqual([]);
    expect(Object.keys(result.byKind).sort()).toEqual([...MUTATION_KINDS].sort());
    expect(await audit()).toMatch(/^PASS/);
  });
});
