import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../storage/database.ts';
import { appendEntries } from './append.ts';
import { openCheckpoint } from './checkpoint.ts';
import { parseBundle } from './entry-bundle.ts';
import { EMPTY_TREE, extend, leafHash, rootOf, sameHash } from './merkle.ts';
import { type NoteSigner, noteSigner, noteVerifier, signNote } from './note.ts';
import { generateNoteKey } from './note-key.ts';
import { findPostgres, startPostgres, type TestPostgres } from './postgres.fixture.ts';
import { createLedgerReader } from './reader.ts';
import { createSequencer } from './sequencer.ts';
import { bundlesOf } from './tile.ts';

const ORIGIN = 'ledger.example/log';
const key = generateNoteKey(ORIGIN);
const signer = noteSigner(key.signerKey);

/** Takes notes down as they are signed, not as they are stored. */
function recordingSigner(): { spy: NoteSigner; signed: string[] } {
  const signed: string[] = [];
  const sign = (text: string) => {
    signed.push(signNote(text, [signer]));
    return signer.sign(text);
  };
  return { spy: { ...signer, sign }, signed };
}

const bin = findPostgres();
if (bin === null) console.warn('ledger concurrency skipped: no PostgreSQL server programs (Debian: postgresql)');

describe('the tools of this machine', () => {
  it('has PostgreSQL when CI=true', () => {
    if (process.env['CI'] === 'true') expect(bin).not.toBeNull();
  });
});

describe.skipIf(bin === null)('many writers and many sequencers on one PostgreSQL', () => {
  let server: TestPostgres;
  let db: Database;
  beforeAll(async () => {
    server = await startPostgres(bin ?? '');
  });
  beforeEach(async () => {
    await server.reset();
    db = server.open();
    return () => db.close();
  });
  afterAll(async () => await server?.stop());

  async function allEntries(size: number): Promise<string[]> {
    const reader = createLedgerReader(db);
    const texts: string[] = [];
    for (const ref of bundlesOf(size))
      texts.push(...(parseBundle(await reader.entryBundle(ref)) ?? []).map((entry) => Buffer.from(entry).toString()));
    return texts;
  }

  it('never skip the entry of a transaction that drew its id early and committed late', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer });
    let commit = () => {};
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let drawn = () => {};
    const idDrawn = new Promise<void>((resolve) => {
      drawn = resolve;
    });
    const late = db.transaction(async (tx) => {
      await appendEntries(tx, [Buffer.from('late')]);
      drawn();
      await held;
    });
    await idDrawn;
    await appendEntries(db, [Buffer.from('early')]);
    expect(await sequencer.integrateOnce()).toEqual({ integrated: 1, size: 1 });
    commit();
    await late;
    expect(await sequencer.integrateOnce()).toEqual({ integrated: 1, size: 2 });
    expect(await allEntries(2)).toEqual(['early', 'late']);
  });

  it('integrate every acknowledged entry exactly once, and every checkpoint ever signed is a prefix of the final tree', async () => {
    const WRITERS = 6;
    const EACH = 150;
    const { spy, signed } = recordingSigner();
    const pools = [server.open(2), server.open(2), server.open(2)];
    const errors: unknown[] = [];
    const sequencers = pools.map((pool) =>
      createSequencer({ db: pool, origin: ORIGIN, signer: spy, maxBatch: 40, onError: (error) => errors.push(error) }),
    );
    for (const sequencer of sequencers) sequencer.start();
    const writer = async (w: number) => {
      for (let i = 0; i < EACH; i++) {
        await db.transaction(async (tx) => {
          await appendEntries(tx, [Buffer.from(`${w} ${i}`)]);
          if (i % 10 === 0) await sleep(Math.random() * 20);
        });
        sequencers[(w + i) % sequencers.length]?.notify();
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, w) => writer(w)));
    const total = WRITERS * EACH;
    const last = createSequencer({ db, origin: ORIGIN, signer: spy });
    while ((await last.integrateOnce()).size < total) await sleep(10);
    await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
    await Promise.all(pools.map((pool) => pool.close()));
    expect(errors).toEqual([]);

    const entries = await allEntries(total);
    expect(entries).toHaveLength(total);
    expect(new Set(entries).size).toBe(total);
    for (let w = 0; w < WRITERS; w++) {
      // One writer's transactions follow each other, so their entries do as well.
      expect(entries.filter((entry) => entry.startsWith(`${w} `))).toEqual(Array.from({ length: EACH }, (_, i) => `${w} ${i}`));
    }
    const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
    const sizes = signed.map((note) => {
      const opened = openCheckpoint(note, [noteVerifier(key.verifierKey)]);
      if (opened.kind !== 'opened') throw new Error('a signed checkpoint does not open');
      const { size, root } = opened.checkpoint;
      expect(sameHash(rootOf(extend(EMPTY_TREE, leaves.slice(0, size))), root)).toBe(true);
      return size;
    });
    expect(sizes.length).toBeGreaterThan(20);
    expect(new Set(sizes).size).toBe(sizes.length);
  });

  it('lose nothing and fork nothing when sequencers are cut off from the database at any moment', async () => {
    const { spy, signed } = recordingSigner();
    const total = 600;
    const writing = (async () => {
      for (let i = 0; i < total; i++) await appendEntries(db, [Buffer.from(`entry ${i}`)]);
    })();
    const pool = server.open(3);
    const sequencers = [0, 1].map(() => createSequencer({ db: pool, origin: ORIGIN, signer: spy, maxBatch: 25, onError: () => {} }));
    for (const sequencer of sequencers) sequencer.start();
    const killer = server.open(1);
    for (let i = 0; i < 25; i++) {
      await sleep(Math.random() * 30);
      await killer.query({
        text: "select pg_terminate_backend(pid) from pg_stat_activity where query like '%ledger_head%' and pid <> pg_backend_pid()",
      });
    }
    await writing;
    await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
    const last = createSequencer({ db: killer, origin: ORIGIN, signer: spy });
    while ((await last.integrateOnce()).size < total) await sleep(10);
    await Promise.all([pool.close(), killer.close()]);

    const entries = await allEntries(total);
    expect(entries).toEqual(Array.from({ length: total }, (_, i) => `entry ${i}`));
    const { rows } = await db.query<{ note: string }>({ text: 'select note from ledger_checkpoints order by size' });
    const leaves = entries.map((entry) => leafHash(Buffer.from(entry)));
    for (const { note } of rows) {
      const opened = openCheckpoint(note, [noteVerifier(key.verifierKey)]);
      const prefix =
        opened.kind === 'opened' && sameHash(rootOf(extend(EMPTY_TREE, leaves.slice(0, opened.checkpoint.size))), opened.checkpoint.root);
      expect(prefix).toBe(true);
    }
    expect(rows.length).toBeLessThanOrEqual(signed.length);
  });
});
