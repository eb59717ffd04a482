import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { appendEntries } from '../../src/ledger/append.ts';
import { encodeBase64 } from '../../src/ledger/base64.ts';
import { cosignatureVerifier, cosigner } from '../../src/ledger/cosignature.ts';
import { encodeEntry } from '../../src/ledger/entry.ts';
import { exportLog } from '../../src/ledger/export-log.ts';
import { noteSigner, noteVerifier } from '../../src/ledger/note.ts';
import { generateNoteKey, SIGNATURE_TYPES } from '../../src/ledger/note-key.ts';
import { createLedgerReader } from '../../src/ledger/reader.ts';
import { createSequencer } from '../../src/ledger/sequencer.ts';
import { createWitness, type WitnessedHead } from '../../src/ledger/witness.ts';
import { formatAddCheckpoint, readWitnessAnswer } from '../../src/ledger/witness-wire.ts';
import type { Database } from '../../src/storage/database.ts';

export const ORIGIN = 'ledger.example/gateway';

/** What the Go verifier reads; sizes and indexes are numbers, hashes base64. */
interface ProofFile {
  readonly inclusion: { readonly index: number; readonly size: number; readonly proof: readonly string[] }[];
  readonly consistency: { readonly old: number; readonly new: number; readonly proof: readonly string[] }[];
}

export function testEntry(i: number): Uint8Array {
  const at = new Date(Date.UTC(2026, 10, 21) + i).toISOString();
  return encodeEntry({ v: 1, kind: 'test.happened', at, subject: `gen_${i}`, score: i % 100 });
}

/** A log with its keys and a witness in the same process, which answers as one over HTTP would. */
export function createTestLog(db: Database) {
  const log = generateNoteKey(ORIGIN);
  const witnessKey = generateNoteKey('witness.example/w1', SIGNATURE_TYPES.cosignature);
  const heads = new Map<string, WitnessedHead>();
  const witness = createWitness({
    signer: cosigner(witnessKey.signerKey),
    logs: new Map([[ORIGIN, [noteVerifier(log.verifierKey)]]]),
    store: { read: async () => heads, write: async (origin, head) => void heads.set(origin, head) },
  });
  const client = {
    verifier: cosignatureVerifier(witnessKey.verifierKey),
    cosign: async (request: Parameters<typeof formatAddCheckpoint>[0]) =>
      readWitnessAnswer(await witness.addCheckpoint(formatAddCheckpoint(request))),
  };
  const errors: unknown[] = [];
  const reader = createLedgerReader(db);
  const createTestSequencer = () =>
    createSequencer({ db, origin: ORIGIN, signer: noteSigner(log.signerKey), witnesses: [client], onError: (error) => errors.push(error) });

  return {
    reader,
    verifierKey: log.verifierKey,
    witnessKey: witnessKey.verifierKey,
    errors,
    /** Appends entries `from` to `to`, integrates them and waits until the witness has cosigned. */
    async grow(from: number, to: number): Promise<void> {
      const sequencer = createTestSequencer();
      for (let i = from; i < to; i += 2_000) {
        const batch = Array.from({ length: Math.min(2_000, to - i) }, (_, k) => testEntry(i + k));
        await db.transaction((tx) => appendEntries(tx, batch));
        await sequencer.integrateOnce();
      }
      sequencer.start();
      while ((heads.get(ORIGIN)?.size ?? 0) < to || !(await reader.latestCheckpoint({ minCosignatures: 1 }))?.includes(`\n${to}\n`)) {
        if (errors.length > 0) throw errors[0];
        await sleep(5);
      }
      await sequencer.stop();
    },
    export: (dir: string) => exportLog(reader, dir, { minCosignatures: 1 }),
    /** Makes `count` proofs of each kind at random places with our own code. Resolves to milliseconds per proof. */
    async writeProofs(file: string, { size, count, random }: { size: number; count: number; random: () => number }): Promise<number[]> {
      const proofs: ProofFile = { inclusion: [], consistency: [] };
      const upTo = (n: number) => 1 + Math.floor(random() * n);
      const durations: number[] = [];
      const timed = async (make: Promise<Uint8Array[]>) => {
        const started = performance.now();
        const proof = (await make).map(encodeBase64);
        durations.push(performance.now() - started);
        return proof;
      };
      for (let i = 0; i < count; i++) {
        const treeSize = i % 2 === 0 ? size : upTo(size);
        const index = upTo(treeSize) - 1;
        proofs.inclusion.push({ index, size: treeSize, proof: await timed(reader.inclusionProof(index, treeSize)) });
        const old = upTo(treeSize);
        proofs.consistency.push({ old, new: treeSize, proof: await timed(reader.consistencyProof(old, treeSize)) });
      }
      await writeFile(file, JSON.stringify(proofs));
      return durations;
    },
  };
}
