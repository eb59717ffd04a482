import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { CheckRunner } from '../detectors/check-runner.ts';
import { type About, type ModerateParts, moderateToJson, textSubject } from '../moderate.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { CheckSettings } from './build-checks.ts';
import type { Closers } from './closers.ts';
import { judgementKey } from './judgement-key.ts';
import type { ModerationInput, ModerationOutput } from './moderation-job.ts';

/** JSON of one moderation result for each text, in their order; null where a check could not tell. */
export type ModerateTexts = (texts: readonly string[], about: About) => Promise<(string | null)[]>;

interface ModerationParts extends ModerateParts {
  readonly checks: CheckRunner;
  readonly policy: CompiledPolicy;
  readonly settings: CheckSettings;
  /** Who opted out, now; they are sent to helpers that have others. */
  readonly optOuts: Pick<OptOutNames, 'version' | 'findable'>;
  /** Processes beside this one. */
  readonly helpers: number;
  readonly closers: Closers;
}

/** Texts that are judged before others get a turn, some milliseconds. */
const SLICE = 16;
/**
 * Texts that go to a helper at once. It is alone with them while this process is between two turns; with slices as small as
 * here it waited a third of its time for the next one.
 */
const MOST_FOR_HELPER = 64;
/** Smaller batches are not worth sending to another process. */
const WORTH_HELP = 32;
const DEADLINE_MS = 5_000;
/** A helper reads all rules and the model first, which a busy machine can make long. */
const LOADING_MS = 120_000;
/** Loading takes half a second, so a helper stays. */
const JOBS_OF_ONE_HELPER = 1_000_000;

const outputSchema = z.object({ key: z.string().nullable(), results: z.array(z.string().nullable()) });

/** How many processes may help: all cores but the one that this process keeps busy. */
export function helpersFor(workers: number | undefined): number {
  return Math.min(workers ?? Number.POSITIVE_INFINITY, availableParallelism()) - 1;
}

/**
 * Judges texts in slices, here and in helping processes, whoever is free next. A helper is believed only when it judged with
 * exactly what is in force here (policy, rules, names, opt-outs, model); otherwise, and when it is lost, the slice is judged here.
 */
export function buildModeration({ settings, optOuts, helpers, closers, ...parts }: ModerationParts): ModerateTexts {
  const isAlone = helpers < 1 || settings.classifiers.length > 0;
  const pool = isAlone ? undefined : createWorkerPool({ size: helpers, maxJobsPerWorker: JOBS_OF_ONE_HELPER });
  if (pool !== undefined) closers.add(() => pool.close());
  const help = pool === undefined ? undefined : helper({ pool, settings, optOuts, parts });
  const here = async (slice: readonly string[], about: About) => {
    const results: (string | null)[] = [];
    for (let at = 0; at < slice.length; at += SLICE) {
      const some = slice.slice(at, at + SLICE).map((text) => moderateToJson([textSubject(text, about)], parts));
      for (const result of await Promise.all(some)) results.push(result);
      await nextTurn();
    }
    return results;
  };

  return async (texts, about) => {
    const answers = new Array<string | null>(texts.length).fill(null);
    let next = 0;
    const lane = async (sizeOf: (left: number) => number, judge: (slice: readonly string[]) => Promise<readonly (string | null)[]>) => {
      while (next < texts.length) {
        const from = next;
        next = Math.min(texts.length, from + sizeOf(texts.length - from));
        const judged = await judge(texts.slice(from, next));
        for (const [at, answer] of judged.entries()) answers[from + at] = answer;
      }
    };
    const lanes: Promise<void>[] = [];
    // First, so that they work while this process does.
    if (help !== undefined && texts.length >= WORTH_HELP)
      for (let i = 0; i < helpers; i++)
        lanes.push(
          lane(
            (left) => helperShare(left, helpers),
            async (slice) => (await help(slice, about)) ?? here(slice, about),
          ),
        );
    lanes.push(
      lane(
        () => SLICE,
        (slice) => here(slice, about),
      ),
    );
    await Promise.all(lanes);
    return answers;
  };
}

/** A fair share of what is left, so that nobody waits long for the last slice. */
function helperShare(left: number, helpers: number): number {
  return Math.min(MOST_FOR_HELPER, Math.max(SLICE, Math.ceil(left / (helpers + 2))));
}

interface HelperParts {
  readonly pool: WorkerPool;
  readonly settings: CheckSettings;
  readonly optOuts: ModerationParts['optOuts'];
  readonly parts: { readonly checks: CheckRunner; readonly policy: CompiledPolicy };
}

/**
 * Null when the helper could not, has not loaded yet, or judges with something else than what is in force here; then it is
 * not asked again for that.
 */
function helper({ pool, settings, optOuts, parts }: HelperParts) {
  let useless: string | undefined;
  let state: 'cold' | 'loading' | 'ready' = 'cold';

  async function ask(texts: readonly string[], about: About, deadlineMs: number): Promise<ModerationOutput | null> {
    const key = judgementKey(parts);
    const run = (known: ModerationInput['optOuts']) =>
      pool.run<ModerationInput, ModerationOutput>({
        module: jobModule(import.meta.url, './moderation-job'),
        input: { settings, optOuts: known, about, texts },
        deadlineMs,
        parse: (output) => outputSchema.parse(output),
      });
    const { version, findable } = optOuts;
    const first = await run({ version });
    const outcome = first.kind === 'done' && first.output.key === null ? await run({ version, findable }) : first;
    state = outcome.kind === 'done' ? 'ready' : 'cold';
    const isOurs = outcome.kind === 'done' && outcome.output.key === key;
    if (!isOurs && (outcome.kind === 'done' || outcome.kind === 'threw')) useless = key;
    return isOurs ? outcome.output : null;
  }

  return async (texts: readonly string[], about: About): Promise<readonly (string | null)[] | null> => {
    if (judgementKey(parts) === useless || state === 'loading') return null;
    if (state === 'cold') {
      // Nobody waits for it to load.
      state = 'loading';
      void ask([], about, LOADING_MS);
      return null;
    }
    const output = await ask(texts, about, DEADLINE_MS);
    return output === null || output.results.length !== texts.length || output.results.includes(null) ? null : output.results;
  };
}
