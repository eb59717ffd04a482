import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../storage/database.ts';
import { appendEntries } from './append.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { WitnessClient } from './cosign-loop.ts';
import { cosignatureVerifier, cosigner } from './cosignature.ts';
import { parseBundle } from './entry-bundle.ts';
import { leafHash } from './merkle.ts';
import { naiveRoot } from './naive-tree.fixture.ts';
import { noteSigner, noteVerifier, signatureLine } from './note.ts';
import { generateNoteKey, SIGNATURE_TYPES } from './note-key.ts';
import { openLedgerInMemory } from './pglite.fixture.ts';
import { createLedgerReader, type LedgerReader } from './reader.ts';
import { createSequencer } from './sequencer.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

const ORIGIN = 'ledger.example/log';
const key = generateNoteKey(ORIGIN);
const signer = noteSigner(key.signerKey);
const witnessKey = generateNoteKey('witness.example/w1', SIGNATURE_TYPES.cosignature);
const entries = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => Buffer.from(`entry ${from + i}`));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

let db: Awaited<ReturnType<typeof openLedgerInMemory>>;
let reader: LedgerReader;
beforeAll(async () => {
  db = await openLedgerInMemory();
  reader = createLedgerReader(db);
});
afterEach(async () => await db.reset());
afterAll(async () => await db.close());

async function head() {
  const note = await reader.latestCheckpoint();
  const opened = openCheckpoint(note ?? '', [noteVerifier(key.verifierKey)]);
  if (opened.kind !== 'opened') throw new Error('no signed checkpoint');
  return opened.checkpoint;
}

describe('the sequencer', () => {
  it('gives committed entries their places in order and signs the tree they make', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer });
    await appendEntries(db, entries(0, 300));
    expect(await sequencer.integrateOnce()).toEqual({ integrated: 300, size: 300 });
    const { size, root } = await head();
    expect([size, hex(root)]).toEqual([300, hex(naiveRoot(entries(0, 300).map(leafHash)))]);
    expect(parseBundle(await reader.entryBundle({ n: 1, width: 44 }))?.map(String)).toEqual(entries(256, 300).map(String));
    expect(await reader.findEntry(leafHash(Buffer.from('entry 299')))).toBe(299);
    expect(await reader.findEntry(leafHash(Buffer.from('entry 300')))).toBeNull();
  });

  it('comes to the same tree, tiles and proofs in many small batches', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer, maxBatch: 37 });
    await appendEntries(db, entries(0, 700));
    while ((await sequencer.integrateOnce()).integrated > 0);
    const leaves = entries(0, 700).map(leafHash);
    const { size, root } = await head();
    expect([size, hex(root)]).toEqual([700, hex(naiveRoot(leaves))]);
    const proof = await reader.inclusionProof(511, 700);
    expect(verifyInclusion({ index: 511, size, leafHash: leaves[511]!, root, proof })).toBe(true);
    const { rows } = await db.query<{ size: string; note: string }>({ text: 'select size, note from ledger_checkpoints order by size' });
    expect(rows).toHaveLength(Math.ceil(700 / 37));
    for (const row of rows) {
      const opened = openCheckpoint(row.note, [noteVerifier(key.verifierKey)]);
      if (opened.kind !== 'opened') throw new Error('a stored checkpoint does not open');
      const { size: oldSize, root: oldRoot } = opened.checkpoint;
      const consistency = await reader.consistencyProof(oldSize, 700);
      expect(verifyConsistency({ oldSize, oldRoot, newSize: 700, newRoot: root, proof: consistency })).toBe(true);
    }
  });

  it('signs nothing when there is nothing new', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer });
    expect(await sequencer.integrateOnce()).toEqual({ integrated: 0, size: 0 });
    expect(await reader.latestCheckpoint()).toBeNull();
  });

  it('never sees the entry of a transaction that was rolled back', async () => {
    const undone = db.transaction(async (tx) => {
      await appendEntries(tx, entries(0, 1));
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    expect((await createSequencer({ db, origin: ORIGIN, signer }).integrateOnce()).integrated).toBe(0);
  });

  it('keeps empty entries and the largest ones, and takes no larger one', async () => {
    await appendEntries(db, [Buffer.alloc(0), Buffer.alloc(65_535, 1)]);
    await createSequencer({ db, origin: ORIGIN, signer }).integrateOnce();
    expect(parseBundle(await reader.entryBundle({ n: 0, width: 2 }))?.map(({ length }) => length)).toEqual([0, 65_535]);
    await expect(appendEntries(db, [Buffer.alloc(65_536)])).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('stops, and changes nothing, when somebody has cut a tile or set back the head', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer });
    await appendEntries(db, entries(0, 10));
    await sequencer.integrateOnce();
    await appendEntries(db, entries(10, 11));
    await db.query({ text: 'update ledger_tiles set hashes = substring(hashes from 1 for 32)' });
    await expect(sequencer.integrateOnce()).rejects.toMatchObject({ code: 'LEDGER_INVALID' });
    await db.query({ text: 'update ledger_head set size = 9' });
    await expect(sequencer.integrateOnce()).rejects.toThrow();
    expect((await head()).size).toBe(10);
    expect((await db.query({ text: 'select 1 from ledger_outbox' })).rows).toHaveLength(1);
  });

  it('will not sign for an origin that is not its key’s', () => {
    expect(() => createSequencer({ db, origin: 'ledger.example/other', signer })).toThrow(/for origin/);
  });

  it.each([
    'update ledger_leaves set idx = 7',
    'delete from ledger_leaves',
    'truncate ledger_leaves',
    "update ledger_checkpoints set note = ''",
    'delete from ledger_checkpoints',
    'delete from ledger_head',
    'delete from ledger_tiles',
  ])('is protected by the database from «%s»', async (text) => {
    await expect(db.query({ text })).rejects.toThrow(/the ledger only grows/);
  });

  it('integrates by itself at once after a notify, and within 50 ms without one', async () => {
    const sequencer = createSequencer({ db, origin: ORIGIN, signer });
    sequencer.start();
    for (const [i, notify] of [true, false].entries()) {
      await appendEntries(db, entries(i, i + 1));
      if (notify) sequencer.notify();
      for (let waited = 0; (await reader.findEntry(leafHash(entries(i, i + 1)[0]!))) === null; waited += 5) {
        if (waited > 2_000) throw new Error('not integrated');
        await sleep(5);
      }
    }
    await sequencer.stop();
    await appendEntries(db, entries(2, 3));
    sequencer.notify();
    await sleep(120);
    expect((await head()).size).toBe(2);
  });

  it('reports a failure, waits, and goes on when the database is back', async () => {
    const errors: unknown[] = [];
    let down = true;
    const shaky: Database = { ...db, query: (statement) => (down ? Promise.reject(new Error('down')) : db.query(statement)) };
    const sequencer = createSequencer({ db: shaky, origin: ORIGIN, signer, onError: (error) => errors.push(error) });
    await appendEntries(db, entries(0, 1));
    sequencer.start();
    await sleep(250);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(4);
    down = false;
    await sleep(600);
    await sequencer.stop();
    expect((await head()).size).toBe(1);
  });
});

describe('a witness of the log', () => {
  const client = (cosign: WitnessClient['cosign']): WitnessClient => ({ verifier: cosignatureVerifier(witnessKey.verifierKey), cosign });
  const textOf = (note: string) => note.slice(0, note.lastIndexOf('\n\n') + 1);

  async function cosigned(sequencer: ReturnType<typeof createSequencer>): Promise<string | null> {
    sequencer.start();
    for (let waited = 0; waited < 2_000; waited += 10) {
      const note = await reader.latestCheckpoint({ minCosignatures: 1 });
      if (note !== null) return note;
      await sleep(10);
    }
    return null;
  }

  it('has its cosignature stored beside the checkpoint, after asking again with the size that it knows', async () => {
    const asked: number[] = [];
    await appendEntries(db, entries(0, 20));
    const witness = client(async ({ checkpoint, oldSize, proof }) => {
      asked.push(oldSize);
      if (oldSize === 0) return { kind: 'conflict', size: 7 };
      expect(proof.length).toBeGreaterThan(0);
      return { kind: 'cosigned', lines: signatureLine(textOf(checkpoint), cosigner(witnessKey.signerKey)) };
    });
    const sequencer = createSequencer({ db, origin: ORIGIN, signer, witnesses: [witness] });
    const note = await cosigned(sequencer);
    await sequencer.stop();
    expect(asked).toEqual([0, 7]);
    expect(openCheckpoint(note ?? '', [cosignatureVerifier(witnessKey.verifierKey)])).toMatchObject({
      kind: 'opened',
      checkpoint: { size: 20 },
    });
  });

  it('that hangs, fails or lies holds nothing up, and nothing of it is stored', async () => {
    const errors: unknown[] = [];
    const liar = generateNoteKey('witness.example/w1', SIGNATURE_TYPES.cosignature);
    const witnesses = [
      client(() => new Promise(() => {})),
      client(async () => Promise.reject(new Error('unreachable'))),
      client(async ({ checkpoint }) => ({ kind: 'cosigned', lines: signatureLine(textOf(checkpoint), cosigner(liar.signerKey)) })),
      client(async () => ({ kind: 'refused', status: 422 })),
      client(async () => ({ kind: 'conflict', size: 1_000 })),
    ];
    const sequencer = createSequencer({ db, origin: ORIGIN, signer, witnesses, onError: (error) => errors.push(error) });
    await appendEntries(db, entries(0, 5));
    sequencer.start();
    await sleep(300);
    expect((await head()).size).toBe(5);
    const stopping = performance.now();
    await sequencer.stop();
    expect(performance.now() - stopping).toBeLessThan(1_500);
    expect((await db.query({ text: 'select 1 from ledger_cosignatures' })).rows).toEqual([]);
    const told = errors.map(String).join('\n');
    for (const words of ['unreachable', 'sent no valid cosignature', 'refused with 422', 'has seen 1000 entries, this ledger has 5']) {
      expect(told).toContain(words);
    }
    expect(errors).toHaveLength(4);
  });
});
