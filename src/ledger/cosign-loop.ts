import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Database } from '../storage/database.ts';
import { formatSignature, type NoteVerifier, openNote, parseSignatureLines } from './note.ts';
import { createLedgerReader } from './reader.ts';
import { createWakeup } from './wakeup.ts';
import type { CosignAnswer, CosignRequest } from './witness-wire.ts';

/** A witness as the log sees it. */
export interface WitnessClient {
  /** Its name and key; only lines that this verifies are stored. */
  readonly verifier: NoteVerifier;
  /** Asks the witness, usually over HTTP (`formatAddCheckpoint`, `readWitnessAnswer`). May reject; must give up when `signal` aborts. */
  cosign(request: CosignRequest, signal: AbortSignal): Promise<CosignAnswer>;
}

export interface CosignLoop {
  start(): void;
  /** Says that there is a new checkpoint. */
  poke(): void;
  stop(): Promise<void>;
}

interface CosignLoopOptions {
  readonly db: Database;
  readonly witness: WitnessClient;
  readonly onError: (error: unknown) => void;
  /** How long to wait when there is nothing new. Another process may have integrated. */
  readonly idleMs?: number;
}

const DEADLINE_MS = 10_000;
const IDLE_MS = 1_000;
const RETRY_MS = 5_000;
/** A witness client that ignores its signal must not keep the gateway from stopping. */
const STOP_GRACE_MS = 1_000;

const headRow = z.object({ size: z.coerce.number(), note: z.string() });
const knownRow = z.object({ size: z.coerce.number() });

async function latest(db: Database): Promise<{ size: number; note: string } | null> {
  const { rows } = await db.query({ text: 'select size, note from ledger_checkpoints order by size desc limit 1' });
  return rows[0] === undefined ? null : headRow.parse(rows[0]);
}

async function lastCosigned(db: Database, witness: string): Promise<number> {
  const text = 'select coalesce(max(size), 0) as size from ledger_cosignatures where witness = $1';
  const { rows } = await db.query({ text, values: [witness] });
  return knownRow.parse(rows[0]).size;
}

/** The witness's own line of its answer, once verified; others are dropped. */
function verifiedLine(note: string, lines: string, verifier: NoteVerifier): string {
  const opened = openNote(note + lines, [verifier]);
  const own =
    opened.kind === 'opened'
      ? parseSignatureLines(lines)?.find(({ name, keyId }) => name === verifier.name && keyId === verifier.keyId)
      : undefined;
  if (own === undefined) throw new ImprimaturError('LEDGER_INVALID', { detail: `witness ${verifier.name} sent no valid cosignature` });
  return formatSignature(own);
}

/**
 * Asks once for the newest checkpoint. Resolves to the size that the witness is now known to hold. Throws LEDGER_INVALID when the
 * witness refuses, or has seen more than we have: then this database was set back, and somebody must look.
 */
async function cosignLatest({ db, witness }: CosignLoopOptions, known: number, signal: AbortSignal): Promise<number> {
  const head = await latest(db);
  if (head === null || head.size === known) return known;
  if (head.size < known) {
    throw new ImprimaturError('LEDGER_INVALID', {
      detail: `witness ${witness.verifier.name} has seen ${known} entries, this ledger has ${head.size}`,
    });
  }
  const proof = await createLedgerReader(db).consistencyProof(known, head.size);
  const answer = await witness.cosign({ checkpoint: head.note, oldSize: known, proof }, signal);
  if (answer.kind === 'conflict') return answer.size;
  if (answer.kind === 'refused') {
    throw new ImprimaturError('LEDGER_INVALID', { detail: `witness ${witness.verifier.name} refused with ${answer.status}` });
  }
  await db.query({
    text: 'insert into ledger_cosignatures (size, witness, line) values ($1, $2, $3) on conflict do nothing',
    values: [head.size, witness.verifier.name, verifiedLine(head.note, answer.lines, witness.verifier)],
  });
  return head.size;
}

/** Keeps one witness up with the log, always with the newest checkpoint only. Runs beside the sequencer and never holds it up. */
export function createCosignLoop(options: CosignLoopOptions): CosignLoop {
  const { db, witness, onError, idleMs = IDLE_MS } = options;
  const wakeup = createWakeup();
  const abort = new AbortController();
  let known: number | undefined;
  let loop: Promise<void> | undefined;

  const turn = async (): Promise<'again' | 'idle' | 'failed'> => {
    try {
      const before = known ?? (await lastCosigned(db, witness.verifier.name));
      known = await cosignLatest(options, before, AbortSignal.any([abort.signal, AbortSignal.timeout(DEADLINE_MS)]));
      return known === before ? 'idle' : 'again';
    } catch (error) {
      if (!abort.signal.aborted) onError(error);
      return 'failed';
    }
  };

  const run = async () => {
    while (!abort.signal.aborted) {
      const outcome = await turn();
      if (outcome === 'idle') await wakeup.sleep(idleMs);
      if (outcome === 'failed') await wakeup.sleep(RETRY_MS, { onlyStop: true });
    }
  };

  return {
    start: () => {
      loop ??= run();
    },
    poke: () => wakeup.notify(),
    stop: async () => {
      abort.abort();
      wakeup.stop();
      const grace = new Promise<void>((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref());
      await Promise.race([loop, grace]);
    },
  };
}
