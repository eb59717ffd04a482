import { admit } from './admit/admit.ts';
import type { Cleared } from './contracts/cleared.ts';
import { type ErrorCode, ImprimaturError } from './contracts/errors.ts';
import type { GenerationId } from './contracts/ids.ts';
import type { Outcome, Prechecked, Published } from './contracts/stages.ts';
import type { Submission } from './contracts/submission.ts';
import type { GenerationRecord, GenerationStore } from './generations/generation-store.ts';
import { createRun, type Run } from './generations/run.ts';
import type { Journal } from './ledger/journal.ts';
import { produce, runPipeline, type Toolbox } from './pipeline.ts';

export interface ConductorParts {
  readonly toolbox: Toolbox;
  readonly store: GenerationStore;
  readonly journal: Journal;
  /** Turns a stored answer into what a fresh run would have given. */
  readonly replay: (record: GenerationRecord) => Promise<Run>;
  /** What a generation judges with from its beginning to its end, though another policy may come into force meanwhile. Absent: the toolbox alone. */
  readonly pinned?: () => Pick<Toolbox, 'policy' | 'checks' | 'conversationMemory'>;
  readonly onError: (error: unknown, generation: GenerationId) => void;
  /** Told how each generation ended that ran here. */
  readonly onEnd?: (submission: Submission, outcome: Outcome) => void;
  /** Told that one ended of which nothing was written down. */
  readonly onNothing?: (submission: Submission) => void;
}

/**
 * One generation per intent. A submission that repeats an earlier one (same idempotency key, or an SDK's retry of the
 * same body) follows that one, in this process, in another, or long finished; everything else starts the pipeline once.
 * A run goes on when its caller leaves: it was paid for, and the caller's retry will want it.
 */
export interface Conductor {
  conduct(submission: Submission): Promise<Run>;
  /** Runs the rest of a held prompt that a person released. */
  resume(prompt: Cleared<Prechecked>): Run;
  isRunning(id: string): boolean;
  /** Resolves when nothing runs any more, or after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

export function createConductor(parts: ConductorParts): Conductor {
  const { toolbox, store } = parts;
  const byIntent = new Map<string, { run: Run; bodyDigest: string }>();
  const running = new Map<string, Promise<unknown>>();

  function start(submission: Submission, stages: Stages, isRecorded: boolean): Run {
    const intents = intentsOf(submission);
    const watched = watchJournal({ ...toolbox, ...parts.pinned?.() }, isRecorded);
    const run = createRun(submission.id, stages(watched.toolbox), (error) => lost(error, submission.id, watched.isRecorded(), parts));
    const forget = () => {
      running.delete(submission.id);
      for (const intent of intents) if (byIntent.get(intent)?.run === run) byIntent.delete(intent);
    };
    for (const intent of intents) byIntent.set(intent, { run, bodyDigest: submission.bodyDigest });
    const ended = (outcome: Outcome) => {
      forget();
      parts.onEnd?.(submission, outcome);
    };
    const nothing = () => {
      forget();
      parts.onNothing?.(submission);
    };
    running.set(submission.id, run.outcome.then(ended, nothing));
    return run;
  }

  function following(submission: Submission): Run | null {
    const [byKey, byBody] = [
      submission.idempotencyKey && byIntent.get(keyIntent(submission)),
      submission.isRetry && byIntent.get(bodyIntent(submission)),
    ];
    const found = submission.idempotencyKey === undefined ? byBody : byKey;
    if (!found) return null;
    requireSameBody(submission, found.bodyDigest);
    return found.run;
  }

  return {
    async conduct(submission) {
      const here = following(submission);
      if (here !== null) return here;
      const repeats = submission.idempotencyKey !== undefined || submission.isRetry;
      const earlier = repeats ? await store.findIntent(submission) : null;
      if (earlier !== null) {
        requireSameBody(submission, earlier.bodyDigest);
        // An answer given once is given again, but not while a switch stops what it was made with.
        await admit(submission, toolbox, { isRepeat: true });
        return parts.replay(earlier);
      }
      // Another request may have come while the database was asked; from here to `start` nothing waits.
      return following(submission) ?? start(submission, (watched) => runPipeline(submission, watched), false);
    },
    resume: (prompt) => start(prompt.submission, (watched) => produce(prompt, watched), true),
    isRunning: (id) => running.has(id),
    async drain(withinMs) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([Promise.allSettled(running.values()), patience]);
      clearTimeout(timer);
    },
  };
}

const keyIntent = ({ caller, idempotencyKey }: Submission) => `key ${caller.keyId} ${idempotencyKey}`;
const bodyIntent = ({ caller, bodyDigest }: Submission) => `body ${caller.keyId} ${bodyDigest}`;

function intentsOf(submission: Submission): readonly string[] {
  return submission.idempotencyKey === undefined ? [bodyIntent(submission)] : [keyIntent(submission)];
}

function requireSameBody(submission: Submission, bodyDigest: string): void {
  if (submission.bodyDigest !== bodyDigest) throw new ImprimaturError('IDEMPOTENCY_KEY_REUSED');
}

/** Everything that a run does with the tools that it is given. */
type Stages = (toolbox: Toolbox) => AsyncGenerator<Published, Outcome>;

/** The model comes after the first durable record of a generation, so without one it was certainly not reached. */
function watchJournal(toolbox: Toolbox, isRecorded: boolean) {
  let recorded = isRecorded;
  const { journal } = toolbox;
  const record: Journal['record'] = async (rows, entries) => {
    await journal.record(rows, entries);
    recorded = true;
  };
  return { toolbox: { ...toolbox, journal: { ...journal, record } }, isRecorded: () => recorded };
}

/**
 * A stage threw. If the generation stands in the database the model may have been reached, so the same intent must not
 * run again: it ends as failed. Otherwise nothing happened, and the caller gets the error as it is; also when the database
 * cannot say, but this run (`isRecorded`) never saw a record of it become durable.
 */
async function lost(error: unknown, id: GenerationId, isRecorded: boolean, { store, journal, onError }: ConductorParts): Promise<Outcome> {
  if (!isRecorded && isShut(error)) throw error;
  onError(error, id);
  const record = await store.find(id).catch(() => 'unknown' as const);
  if (record === null || (record === 'unknown' && !isRecorded)) throw error;
  const outcome: Outcome = { kind: 'failed', code: codeFor(error) };
  await journal
    .record({ generationUpdate: { id, from: ['running'], state: 'failed', answer: outcome, intent_released: false } }, [
      { kind: 'generation.failed', generation: id, code: outcome.code },
    ])
    .catch((cause: unknown) => onError(cause, id));
  return outcome;
}

const AT_THE_DOOR: ReadonlySet<ErrorCode> = new Set([
  'CAPABILITY_STOPPED',
  'CAPABILITY_CLOSED',
  'USER_SUSPENDED',
  'USER_STEP_UP',
  'USER_LIMITED',
  'RATE_LIMITED',
  'BUDGET_SPENT',
  'LIMITS_UNREADABLE',
]);

/** Turned away before anything was read: nothing failed, and nothing is to be looked up. */
function isShut(error: unknown): boolean {
  return error instanceof ImprimaturError && AT_THE_DOOR.has(error.code);
}

/** After the model may have been reached no code that promises a retry is true any more. */
function codeFor(error: unknown): ErrorCode {
  return error instanceof ImprimaturError && !error.retryable ? error.code : 'GENERATION_LOST';
}
