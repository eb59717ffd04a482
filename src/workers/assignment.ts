import { z } from 'zod';
import type { Job, JobOutcome } from './worker-pool.ts';

const ANSWER = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.int(), output: z.unknown(), cpuMs: z.number().nonnegative(), rss: z.number().nonnegative() }),
  z.object({ kind: z.literal('threw'), id: z.int(), message: z.string(), cpuMs: z.number().nonnegative(), rss: z.number().nonnegative() }),
]);

/** What a child says about one job; `rss` in bytes. */
export type Answer = z.infer<typeof ANSWER>;

/** Undefined when the message is not an answer, whatever it is. */
export function asAnswer(message: unknown): Answer | undefined {
  return ANSWER.safeParse(message).data;
}

/** One job on its way through the pool, with the type of its output closed over. */
export interface Assignment {
  readonly module: string;
  readonly input: unknown;
  /** Ends the job; only the first call counts. */
  settle(outcome: JobOutcome<never>): void;
  /** Ends the job with the child's answer; false when the answer is not what the job promises. */
  accept(answer: Answer): boolean;
}

/** `onEnd` is called once, before the promise resolves. */
export function assignmentFor<Input, Output>(
  job: Job<Input, Output>,
  onEnd: () => void,
): { readonly assignment: Assignment; readonly outcome: Promise<JobOutcome<Output>> } {
  let settled = false;
  let resolve: (outcome: JobOutcome<Output>) => void = () => {};
  const outcome = new Promise<JobOutcome<Output>>((done) => {
    resolve = done;
  });
  const settle = (result: JobOutcome<Output>) => {
    if (settled) return;
    settled = true;
    onEnd();
    resolve(result);
  };
  const accept = (answer: Answer) => {
    if (answer.kind === 'threw') {
      settle({ kind: 'threw', message: answer.message });
      return true;
    }
    try {
      settle({ kind: 'done', output: parseOutput(job, answer.output), cpuMs: answer.cpuMs });
      return true;
    } catch {
      settle({ kind: 'crashed', detail: 'garbled answer' });
      return false;
    }
  };
  return { assignment: { module: job.module, input: job.input, settle, accept }, outcome };
}

function parseOutput<Input, Output>({ parse }: Job<Input, Output>, output: unknown): Output {
  if (parse) return parse(output);
  // biome-ignore lint/plugin: the type of another process's answer is the job's promise; `parse` is there to check it.
  return output as Output;
}
