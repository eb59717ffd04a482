/**
 * What durable acts cost: alone and in groups, with the ledger and without, and against a log whose head every
 * transaction locks. Each on both engines, turn by turn in one run.
 *
 *   npx tsx bench/run.ts journal [--seconds 4] [--rounds 3]
 */
import { parseArgs } from 'node:util';
import { encodeEntry } from '../src/ledger/entry.ts';
import { createJournal } from '../src/ledger/journal.ts';
import { leafHash } from '../src/ledger/merkle.ts';
import { noteSigner } from '../src/ledger/note.ts';
import { generateNoteKey } from '../src/ledger/note-key.ts';
import { createSequencer } from '../src/ledger/sequencer.ts';
import type { Act } from '../src/storage/act.ts';
import type { Database } from '../src/storage/database.ts';
import { createGroupCommit } from '../src/storage/group-commit.ts';
import { writeActs } from '../src/storage/write-acts.ts';
import { refusedGeneration } from './acts.ts';
import { onEachEngine, perSecond } from './engines.ts';
import { note, writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' } } });
const ms = Number(values.seconds) * 1000;
const WRITERS = 64;

/** The statement that the product runs, with nothing for the outbox. The type forbids an act without an entry, as it should. */
const withoutEntries = (acts: readonly Act[]) => acts.map((act) => ({ ...act, entries: [] as unknown as Act['entries'] }));

function variants(db: Database): Readonly<Record<string, () => Promise<unknown>>> {
  const concurrency = db.kind === 'postgres' ? 2 : 1;
  const sequencer = createSequencer({ db, origin: 'bench', signer: noteSigner(generateNoteKey('bench').signerKey) });
  const grouped = createGroupCommit({ concurrency, write: (acts: readonly Act[]) => writeActs(db, acts) });
  const unlogged = createGroupCommit({ concurrency, write: (acts: readonly Act[]) => writeActs(db, withoutEntries(acts)) });
  const journals = {
    withLedger: createJournal({ submit: grouped.submit, committed: sequencer.notify }),
    withoutLedger: createJournal({ submit: unlogged.submit, committed: () => undefined }),
    oneByOne: createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined }),
  };
  const record = (name: keyof typeof journals) => () => {
    const { rows, entry } = refusedGeneration();
    return journals[name].record(rows, [entry]);
  };
  sequencer.start();
  return {
    withLedger: record('withLedger'),
    withoutLedger: record('withoutLedger'),
    oneByOne: record('oneByOne'),
    headLocked: () => headLocked(db),
    stop: () => sequencer.stop(),
  };
}

/** The obvious way: every act takes the head, gives itself the next place, and commits. Nobody else can in the meantime. */
async function headLocked(db: Database): Promise<void> {
  const { rows, entry } = refusedGeneration();
  const bytes = encodeEntry({ ...entry, v: 1, at: new Date().toISOString() });
  await db.transaction(async (tx) => {
    const head = await tx.query({ name: 'bench-lock', text: 'select size from bench_head for update' });
    const size = Number(head.rows[0]?.['size']);
    await writeActs(tx, withoutEntries([{ ...rows, entries: [bytes] }]));
    await tx.query({
      name: 'bench-leaf',
      text: `with l as (insert into bench_leaves (idx, hash, entry) values ($1, $2, $3)) update bench_head set size = $1 + 1`,
      values: [size, leafHash(bytes), bytes],
    });
  });
}

const measured = await onEachEngine(async (db) => {
  await db.query({ text: 'create table bench_head (size bigint not null)' });
  await db.query({ text: 'create table bench_leaves (idx bigint primary key, hash bytea, entry bytea)' });
  await db.query({ text: 'insert into bench_head values (0)' });
  const { stop, ...works } = variants(db);
  const rates = new Map<string, number[]>(Object.keys(works).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, work] of Object.entries(works)) {
      const rate = await perSecond(WRITERS, ms, work);
      note(`${name}: ${Math.round(rate)} acts/s`);
      rates.get(name)?.push(rate);
    }
  }
  await stop?.();
  return Object.fromEntries([...rates].map(([name, all]) => [name, rounded(median(all))]));
});

const ratio = (a = Number.NaN, b = Number.NaN) => rounded(a / b);
const ratiosOf = ({ withLedger, withoutLedger, oneByOne, headLocked: locked }: Record<string, number>) => ({
  withLedgerToWithout: ratio(withLedger, withoutLedger),
  withLedgerToHeadLocked: ratio(withLedger, locked),
  groupedToOneByOne: ratio(withLedger, oneByOne),
});
await writeResult('journal', {
  writers: WRITERS,
  actsPerSecond: measured,
  ratios: {
    embedded: ratiosOf(measured.embedded),
    postgres: ratiosOf(measured.postgres),
    embeddedToPostgres: ratio(measured.embedded['withLedger'], measured.postgres['withLedger']),
  },
});
