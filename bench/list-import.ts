/**
 * What it takes to import a list of a million hashes into a gateway's database, to load it again, and how long the process is held meanwhile:
 * `npx tsx bench/run.ts list-import`. Embedded database.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createJournal } from '../src/ledger/journal.ts';
import { createHashRegistry } from '../src/registries/hash-lists/hash-registry.ts';
import { createManagedLists } from '../src/registries/hash-lists/managed-lists.ts';
import { formatPdq, PDQ_WORDS } from '../src/registries/pdq/pdq-bits.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { seededRandom } from './random.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const ROWS = Number(process.env['LIST_ROWS'] ?? 1_000_000);
const PIECE_ROWS = 100;

const random = seededRandom(20_261_123);
const hash = () => formatPdq(Uint32Array.from({ length: PDQ_WORDS }, () => Math.floor(random() * 2 ** 32)));

async function* rows(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < ROWS; i += PIECE_ROWS) yield Buffer.from(Array.from({ length: PIECE_ROWS }, () => `pdq,${hash()}\n`).join(''));
}

/** Seconds by the clock and of CPU, and the longest that the event loop was held. */
async function timed<T>(work: () => Promise<T>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  const took = {
    seconds: rounded((performance.now() - began) / 1000),
    cpuSeconds: rounded((user + system) / 1e6),
    lagP99Ms: rounded(delay.percentile(99) / 1e6),
    lagMaxMs: rounded(delay.max / 1e6),
  };
  return { result, took };
}

const folder = await mkdtemp(join(tmpdir(), 'list-import-'));
const db = await openDatabase({ dataDir: folder });
try {
  await migrate(db);
  const journal = createJournal({ submit: () => Promise.reject(new Error('not used')), committed: () => undefined });
  const open = () => createManagedLists(createHashRegistry([]), { db, journal, trust: { publicKeys: [], allowUnsigned: true } });
  note(`importing ${ROWS.toLocaleString('en-US')} rows`);
  const wish = { name: 'list-a', format: 'csv', onBadRow: 'reject', category: undefined, signature: undefined, by: 'local' } as const;
  const imported = await timed(() => open().import({ ...wish, source: rows() }));
  note('loading them as another process would');
  const other = open();
  const loaded = await timed(() => other.refresh());
  const unchanged = await timed(() => other.refresh());
  await writeResult('list-import', {
    rows: imported.result.counts.pdq,
    importAndLoad: imported.took,
    load: loaded.took,
    look: unchanged.took,
    inForce: other.registry.counts[0]?.pdq ?? 0,
    rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
  });
} finally {
  await db.close();
  await rm(folder, { recursive: true });
}
