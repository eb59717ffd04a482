import { ImprimaturError } from '../contracts/errors.ts';
import type { Database } from '../storage/database.ts';
import { createCosignLoop, type WitnessClient } from './cosign-loop.ts';
import { type Integration, integrate } from './integrate.ts';
import type { NoteSigner } from './note.ts';
import { createWakeup } from './wakeup.ts';

export interface SequencerOptions {
  readonly db: Database;
  /** The log's name, first line of every checkpoint; the signer's name must be the same. */
  readonly origin: string;
  readonly signer: NoteSigner;
  readonly witnesses?: readonly WitnessClient[];
  /** Most entries in one transaction; 2,000 by default. */
  readonly maxBatch?: number;
  /** Told of every failure of the loops; they go on. */
  readonly onError?: (error: unknown) => void;
}

export interface Sequencer {
  /** One transaction: what is in the outbox now, up to `maxBatch`. Rejects when it could not be done; nothing has then happened. */
  integrateOnce(): Promise<Integration>;
  /** Starts the loop, which looks every 50 ms, and within 20 ms after `notify`. A second call does nothing. */
  start(): void;
  /** Says that entries were committed. Cheap; call it after each commit. */
  notify(): void;
  /** Resolves when the batch under way is done. Requests to witnesses are abandoned. */
  stop(): Promise<void>;
}

const POLL_MS = 50;
/** Between two batches, so that on the embedded engine's one connection the log takes a share and not every other turn. */
const GAP_MS = 20;
const MAX_BACKOFF_MS = 5_000;

/**
 * The single logical writer of the tree. Any number of them may run, in any number of processes, on the same database; each
 * entry is integrated once and every checkpoint extends the one before. Throws CONFIG_INVALID when signer and origin differ.
 */
export function createSequencer({ db, origin, signer, witnesses = [], maxBatch = 2_000, onError = () => {} }: SequencerOptions): Sequencer {
  if (signer.name !== origin) throw new ImprimaturError('CONFIG_INVALID', { detail: `ledger key of ${signer.name} for origin ${origin}` });
  const cosignLoops = witnesses.map((witness) => createCosignLoop({ db, witness, onError }));
  const wakeup = createWakeup();
  let failures = 0;
  let stopped = false;
  let loop: Promise<void> | undefined;

  const integrateOnce = async () => {
    const done = await integrate({ db, origin, signer, maxBatch });
    if (done.integrated > 0) for (const cosignLoop of cosignLoops) cosignLoop.poke();
    return done;
  };

  /** One turn of the loop; resolves to how long to wait before the next. */
  const turn = async (): Promise<number> => {
    try {
      const { integrated } = await integrateOnce();
      failures = 0;
      return integrated === maxBatch ? 0 : POLL_MS;
    } catch (error) {
      onError(error);
      failures++;
      return Math.min(MAX_BACKOFF_MS, POLL_MS * 2 ** failures);
    }
  };

  const run = async () => {
    while (!stopped) {
      const startedAt = performance.now();
      const waitMs = await turn();
      if (failures > 0) await wakeup.sleep(waitMs, { onlyStop: true });
      else if (waitMs > 0) {
        await wakeup.sleep(waitMs);
        await wakeup.sleep(GAP_MS - (performance.now() - startedAt), { onlyStop: true });
      }
    }
  };

  return {
    integrateOnce,
    start: () => {
      if (stopped || loop) return;
      for (const cosignLoop of cosignLoops) cosignLoop.start();
      loop = run();
    },
    notify: () => wakeup.notify(),
    stop: async () => {
      stopped = true;
      wakeup.stop();
      await Promise.all([loop, ...cosignLoops.map((cosignLoop) => cosignLoop.stop())]);
    },
  };
}
