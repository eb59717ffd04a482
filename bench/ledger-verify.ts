/**
 * A million leaves, 20,000 proofs and 1,000 tamperings against the Go verifier and our own audit.
 *
 *   npx tsx bench/run.ts ledger-verify [--leaves 1000000] [--proofs 20000] [--mutations 1000] [--mutated-leaves 20000]
 *
 * Progress goes to stderr. Uses PostgreSQL when its programs are installed, else PGlite in
 * memory; the JSON says which. Tampering is tried on a smaller log, because each attempt costs a full audit of it, twice.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLedgerInMemory } from '../src/ledger/pglite.fixture.ts';
import { findPostgres, startPostgres } from '../src/ledger/postgres.fixture.ts';
import { verifyLog } from '../src/ledger/verify-log.ts';
import type { Database } from '../src/storage/database.ts';
import { buildGoVerifier, runGoVerifier } from '../test/tlog-verifier/go-verifier.ts';
import { createTestLog } from '../test/tlog-verifier/ledger.fixture.ts';
import { fuzzLog } from '../test/tlog-verifier/mutations.ts';
import { seededRandom } from './random.ts';
import { writeResult } from './results.ts';

const SEED = 20_261_121;
const { values } = parseArgs({
  options: {
    leaves: { type: 'string', default: '1000000' },
    proofs: { type: 'string', default: '20000' },
    mutations: { type: 'string', default: '1000' },
    'mutated-leaves': { type: 'string', default: '20000' },
  },
});
const leaves = Number(values.leaves);
const proofsOfEachKind = Math.ceil(Number(values.proofs) / 2);
const mutations = Number(values.mutations);
const mutatedLeaves = Number(values['mutated-leaves']);

const progress = (text: string) => process.stderr.write(`${new Date().toISOString()} ${text}\n`);
async function timed<T>(what: string, work: () => Promise<T>): Promise<[T, number]> {
  progress(what);
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1_000;
  progress(`${what}: ${seconds.toFixed(1)} s`);
  return [result, Number(seconds.toFixed(3))];
}

async function openEmpty(): Promise<{ db: Database; stop(): Promise<void> }> {
  const bin = findPostgres();
  if (bin === null) {
    const db = await openLedgerInMemory();
    return { db, stop: () => db.close() };
  }
  const server = await startPostgres(bin, ['fsync=off', 'max_wal_size=4GB']);
  const db = server.open();
  const stop = async () => {
    await db.close();
    await server.stop();
  };
  return { db, stop };
}

/** A cosigned log of `size` leaves in `dir`, with the checkpoint of a tenth less. */
async function makeLog(dir: string, size: number) {
  const { db, stop } = await openEmpty();
  const log = createTestLog(db);
  const earlier = size - Math.ceil(size / 10);
  const [, first] = await timed(`integrating ${earlier} leaves`, () => log.grow(0, earlier));
  const older = (await log.reader.latestCheckpoint({ minCosignatures: 1 })) ?? '';
  const [, second] = await timed(`integrating ${size - earlier} more`, () => log.grow(earlier, size));
  const [{ files }, exportSeconds] = await timed('exporting', () => log.export(dir));
  return { log, older, files, exportSeconds, integrateSeconds: first + second, engine: db.kind, stop };
}

const quantile = (sorted: readonly number[], q: number) => Number((sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(3));

const work = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
const binary = join(work, 'tlog-verifier');
const missing = await buildGoVerifier(binary);
if (missing !== null) throw new Error(missing);

const big = join(work, 'big');
const proofs = join(work, 'proofs.json');
const made = await makeLog(big, leaves);
const { verifierKey, witnessKey } = made.log;
const [durations, proofSeconds] = await timed(`making ${2 * proofsOfEachKind} proofs`, () =>
  made.log.writeProofs(proofs, { size: leaves, count: proofsOfEachKind, random: seededRandom(SEED) }),
);
await made.stop();
const [verdict, goSeconds] = await timed('Go verifier', () => runGoVerifier(binary, { dir: big, verifierKey, witnessKey, proofs }));
const [ours, ourSeconds] = await timed('our audit', () =>
  verifyLog({ fetch: (path) => readFile(join(big, path)), verifierKeys: [verifierKey, witnessKey], since: made.older }),
);

const small = join(work, 'small');
const tampered = await makeLog(small, mutatedLeaves);
const newest = await readFile(join(small, 'checkpoint'), 'utf8');
const keys = [tampered.log.verifierKey, tampered.log.witnessKey] as const;
const smallProofs = join(work, 'small-proofs.json');
await tampered.log.writeProofs(smallProofs, { size: mutatedLeaves, count: 50, random: seededRandom(SEED) });
await tampered.stop();
const missedBy = { go: 0, ours: 0 };
const [fuzz, fuzzSeconds] = await timed(`${mutations} tamperings`, () =>
  fuzzLog({
    dir: small,
    olderCheckpoint: tampered.older,
    count: mutations,
    seed: SEED,
    onProgress: (done) => done % 50 === 0 && progress(`${done} of ${mutations} tamperings`),
    detected: async () => {
      const go = await runGoVerifier(binary, { dir: small, verifierKey: keys[0], witnessKey: keys[1], proofs: smallProofs });
      const own = await verifyLog({ fetch: (path) => readFile(join(small, path)), verifierKeys: keys, since: newest });
      if (!go.startsWith('FAIL')) missedBy.go++;
      if (own.ok) missedBy.ours++;
      return go.startsWith('FAIL') && !own.ok;
    },
  }),
);
await rm(work, { recursive: true, force: true });

const sorted = durations.toSorted((a, b) => a - b);
const report = {
  engine: made.engine,
  log: {
    leaves,
    files: made.files,
    integrateSeconds: made.integrateSeconds,
    leavesPerSecond: Math.round(leaves / made.integrateSeconds),
    exportSeconds: made.exportSeconds,
  },
  proofs: { made: durations.length, seconds: proofSeconds, msP50: quantile(sorted, 0.5), msP99: quantile(sorted, 0.99) },
  goVerifier: { verdict, seconds: goSeconds },
  ownAudit: { ok: ours.ok, seconds: ourSeconds },
  tampering: { leaves: mutatedLeaves, seconds: fuzzSeconds, missedBy, ...fuzz },
};
await writeResult('ledger-verify', report);
if (!ours.ok || !verdict.startsWith('PASS') || fuzz.undetected.length > 0) process.exitCode = 1;
