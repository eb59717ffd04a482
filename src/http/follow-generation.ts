import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { GenerationRecord, GenerationStore } from '../generations/generation-store.ts';

interface FollowOptions {
  readonly store: GenerationStore;
  readonly requestId: string;
  readonly show: (record: GenerationRecord) => unknown;
}

const POLL_MS = 250;
const LONGEST_STREAM_MS = 30 * 60_000;

/** One event for each change of state, until the generation ends, the caller leaves, or half an hour passed. */
export async function followGeneration(
  first: GenerationRecord,
  reply: FastifyReply,
  { store, requestId, show }: FollowOptions,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-request-id': requestId,
  });
  const giveUpAt = Date.now() + LONGEST_STREAM_MS;
  let told = '';
  for (
    let record: GenerationRecord | null = first;
    record !== null && !raw.destroyed;
    record = await store.find(record.id).catch(() => null)
  ) {
    if (record.state !== told) {
      told = record.state;
      const event = `event: generation.${told}\ndata: ${JSON.stringify(show(record))}\n\n`;
      if (!raw.write(event)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
    const mayChange = told === 'running' || told === 'held';
    if (!mayChange || Date.now() > giveUpAt) break;
    await sleep(POLL_MS);
  }
  raw.end();
  return reply;
}
