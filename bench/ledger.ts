/**
 * The log at size: how fast the sequencer takes entries in, how long a proof takes, and how soon after its commit an entry has a
 * place under a signed checkpoint while others write.
 *
 *   npx tsx bench/run.ts ledger [--leaves 1000000]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appendEntries } from '../src/ledger/append.ts';
import { encodeEntry } from '../src/ledger/entry.ts';
import { createJournal } from '../src/ledger/journal.ts';
import { leafHash } from '../src/ledger/merkle.ts';
import { noteSigner } from '../src/ledger/note.ts';
import { generateNoteKey } from '../src/ledger/note-key.ts';
import { createLedgerReader } from '../src/ledger/reader.ts';
import { createSequencer, type Sequencer } from '../src/ledger/sequencer.ts';
import type { Database } from '../src/storage/database.ts';
import { createGroupCommit } from '../src/storage/group-commit.ts';
import { writeActs } from '../src/storage/write-acts.ts';
import { refusedGeneration } from './acts.ts';
import { onEachEngine } from './engines.ts';
import { note, writeResult } from './results.ts';
import { median, quantile, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { leaves: { type: 'string', default: '1000000' } } });
const leaves = Number(values.leaves);
const CHUNK = 50_000;

/** Fills the outbox in chunks, then times the sequencer alone. */
async function grow(db: Database, sequencer: Sequencer): Promise<number> {
  let integratingMs = 0;
  for (let from = 0; from < leaves; from += CHUNK) {
    for (let i = from; i < Math.min(leaves, from + CHUNK); i += 2_000) {
      await appendEntries(
        db,
        Array.from({ length: Math.min(2_000, leaves - i) }, (_, k) => entryOf(i + k)),
      );
    }
    const startedAt = performance.now();
    while ((await sequencer.integrateOnce()).integrated > 0);
    integratingMs += performance.now() - startedAt;
    note(`${Math.min(leaves, from + CHUNK)} leaves`);
  }
  return leaves / (integratingMs / 1000);
}

function entryOf(i: number): Uint8Array {
  return encodeEntry({
    v: 1,
    kind: 'decision',
    at: new Date(1_795_000_000_000 + i).toISOString(),
    generation: `gen_${i}`,
    action: 'allow',
    policy: 'bench@1.0.0',
  });
}

async function proofs(db: Database) {
  const reader = createLedgerReader(db);
  const times: number[] = [];
  for (let i = 0; i < 5_000; i++) {
    const index = Math.floor(Math.random() * leaves);
    const startedAt = performance.now();
    await reader.inclusionProof(index, leaves);
    times.push(performance.now() - startedAt);
  }
  return { made: times.length, p50Ms: rounded(median(times)), p99Ms: rounded(quantile(times, 0.99)) };
}

/** Commit → leaf under a signed checkpoint, sampled while 16 others write as fast as 200 acts a second each allow. */
async function delay(db: Database, sequencer: Sequencer) {
  const commits = createGroupCommit({
    concurrency: db.kind === 'postgres' ? 2 : 1,
    write: (acts: Parameters<typeof writeActs>[1]) => writeActs(db, acts),
  });
  const journal = createJournal({ submit: commits.submit, committed: sequencer.notify });
  sequencer.start();
  let busy = true;
  let written = 0;
  const others = Array.from({ length: 16 }, async () => {
    while (busy) {
      const { rows, entry } = refusedGeneration();
      await journal.record(rows, [entry]);
      written++;
      await sleep(5);
    }
  });
  const startedAt = performance.now();
  const times: number[] = [];
  for (let i = 0; i < 400; i++) times.push(await oneDelay(db, sequencer));
  const seconds = (performance.now() - startedAt) / 1000;
  busy = false;
  await Promise.all(others);
  return {
    samples: times.length,
    othersPerSecond: rounded(written / seconds),
    p50Ms: rounded(median(times)),
    p99Ms: rounded(quantile(times, 0.99)),
  };
}

async function oneDelay(db: Database, sequencer: Sequencer): Promise<number> {
  const { rows, entry } = refusedGeneration();
  const encoded = encodeEntry({ ...entry, v: 1, at: new Date().toISOString() });
  await writeActs(db, [{ ...rows, entries: [encoded] }]);
  sequencer.notify();
  const committedAt = performance.now();
  const reader = createLedgerReader(db);
  while ((await reader.findEntry(leafHash(encoded))) === null) await sleep(1);
  return performance.now() - committedAt;
}

const result = await onEachEngine(async (db) => {
  const newSequencer = () => createSequencer({ db, origin: 'bench', signer: noteSigner(generateNoteKey('bench').signerKey) });
  const leavesPerSecond = rounded(await grow(db, newSequencer()));
  note('proofs');
  const inclusionProofs = await proofs(db);
  note('commit to leaf');
  const sequencer = newSequencer();
  const commitToLeaf = await delay(db, sequencer);
  await sequencer.stop();
  return { leavesPerSecond, inclusionProofs, commitToLeaf };
});
await writeResult('ledger', { leaves, ...result });
