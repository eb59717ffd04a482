import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { z } from 'zod';
import { type Answer, answerOfCode } from './answer.ts';

const POLL_MS = 100;

const job = z.looseObject({
  id: z.string(),
  status: z.string(),
  data: z.array(z.looseObject({ sha256: z.string().optional() })).optional(),
  error: z.looseObject({ code: z.string() }).nullish(),
});

/** Submits to the native asynchronous API and polls until the job ends. @throws what the SDK throws */
export async function followJob(client: OpenAI, body: Readonly<Record<string, unknown>>, timeoutMs: number): Promise<Answer> {
  let state = job.parse(await client.post('/generations', { body }));
  const giveUpAt = performance.now() + timeoutMs;
  while (state.status === 'running') {
    if (performance.now() > giveUpAt) return { kind: 'error', code: 'job_never_ended' };
    await sleep(POLL_MS);
    state = job.parse(await client.get(`/generations/${state.id}`));
  }
  const { status, error, data } = state;
  if (status === 'published') return { kind: 'allowed', pictures: (data ?? []).map(({ sha256 }) => sha256 ?? ''), dropped: [] };
  if (status === 'held') return { kind: 'held' };
  return status === 'refused' ? { kind: 'blocked' } : answerOfCode(error?.code ?? status, 500);
}
