import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { generationBody, jsonOf } from './answers.ts';
import type { TestGateway } from './gateway.ts';

const PATIENCE_MS = 15_000;

/** Asks again until there is an answer that is not null. */
export async function eventually<Result>(what: string, ask: () => Promise<Result | null>): Promise<Result> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(40)) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
  throw new Error(`waited in vain: ${what}`);
}

/** Polls a job until it has left `running`, or until it has the state that is waited for. */
export async function settledJob(
  gateway: TestGateway,
  id: string,
  wanted?: string,
  surface = 'api',
): Promise<z.output<typeof generationBody>> {
  return eventually(`${id} becomes ${wanted ?? 'settled'}`, async () => {
    const job = await jsonOf(await gateway.fetch(`/v1/generations/${id}`, { surface }), generationBody);
    return (wanted === undefined ? job.status !== 'running' : job.status === wanted) ? job : null;
  });
}

/** A promise that a test opens when it wants to. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
