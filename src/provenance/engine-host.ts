import { Worker } from 'node:worker_threads';
import { jobModule } from '../workers/job-module.ts';
import type { EngineAnswer, EngineRequest, FromEngine, ToEngine } from './engine-messages.ts';

/** What came of one job. A thread that was lost is an outcome, never silence. */
export type EngineOutcome = EngineAnswer | { readonly kind: 'timed_out' } | { readonly kind: 'crashed'; readonly detail: string };

/** One job: what the engine does, for how long, and who signs what it asks to have signed. */
export interface EngineJob {
  readonly request: EngineRequest;
  /** From the moment a started thread gets the job; the signer's own time counts. */
  readonly deadlineMs: number;
  readonly signClaim: (claim: Uint8Array) => Promise<Uint8Array>;
}

const START_DEADLINE_MS = 30_000;
/** Of V8's heap only; the WebAssembly memory has its own ceiling, see `boundWasmMemory`. */
const MAX_HEAP_MB = 256;

/**
 * One thread with one c2pa-rs instance, for one job at a time. The thread gets no environment and no key: for a signature it sends the
 * claim here. When a job overruns its deadline or traps the instance, the thread is gone (`usable` is false) and another must be made.
 */
export class EngineHost {
  readonly #worker: Worker;
  readonly #started: Promise<boolean>;
  #hear: (message: FromEngine) => void = () => {};
  #lost: (detail: string) => void = () => {};
  usable = true;
  jobsDone = 0;
  memoryBytes = 0;

  constructor() {
    this.#worker = new Worker(new URL('./engine-bootstrap.mjs', import.meta.url), {
      name: 'c2pa',
      workerData: { entry: jobModule(import.meta.url, './engine-thread') },
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    this.#worker.on('message', (message: FromEngine) => this.#hear(message));
    this.#worker.on('error', (error: unknown) => this.#lose(error instanceof Error ? error.message : 'thread error'));
    this.#worker.on('exit', (code) => this.#lose(`thread exited with code ${code}`));
    this.#started = new Promise((resolve) => {
      const tooLate = setTimeout(resolve, START_DEADLINE_MS, false).unref();
      const settle = (started: boolean) => {
        clearTimeout(tooLate);
        resolve(started);
      };
      this.#hear = () => settle(true);
      this.#lost = () => settle(false);
    });
    this.#worker.unref();
  }

  async run(job: EngineJob): Promise<EngineOutcome> {
    // A job in hand keeps the process alive, an idle engine does not.
    this.#worker.ref();
    try {
      if (!((await this.#started) && this.usable)) {
        this.usable = false;
        return { kind: 'crashed', detail: 'the provenance engine did not start, or died idle' };
      }
      return await this.#perform(job);
    } finally {
      this.jobsDone++;
      this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    this.usable = false;
    await this.#worker.terminate();
  }

  async #perform({ request, deadlineMs, signClaim }: EngineJob): Promise<EngineOutcome> {
    let deadline: NodeJS.Timeout | undefined;
    const outcome = await new Promise<EngineOutcome>((resolve) => {
      deadline = setTimeout(resolve, deadlineMs, { kind: 'timed_out' });
      this.#lost = (detail) => resolve({ kind: 'crashed', detail });
      this.#hear = (message) => {
        if (message.kind === 'claim') this.#answerClaim(message.claim, signClaim);
        if (message.kind !== 'answer') return;
        this.memoryBytes = message.memoryBytes;
        this.usable &&= !message.poisoned;
        resolve(message.answer);
      };
      this.#tell({ kind: 'run', request }, buffersOf(request));
    });
    clearTimeout(deadline);
    this.#hear = () => {};
    if (outcome.kind === 'timed_out') this.usable = false;
    return outcome;
  }

  #answerClaim(claim: Uint8Array, signClaim: EngineJob['signClaim']): void {
    signClaim(claim).then(
      (cose) => this.#tell({ kind: 'cose', cose: new Uint8Array(cose) }),
      () => this.#tell({ kind: 'cose', cose: null }),
    );
  }

  #tell(message: ToEngine, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #lose(detail: string): void {
    this.usable = false;
    this.#lost(detail);
  }
}

function buffersOf(request: EngineRequest): readonly ArrayBuffer[] {
  const ingredients = request.kind === 'sign' ? request.ingredients : [];
  return [request.bytes.buffer, ...ingredients.map(({ bytes }) => bytes.buffer)];
}
