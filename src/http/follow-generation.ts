import { once } from 'node:events';
import type { FastifyReply } from 'fastify';
import type { GenerationRecord, GenerationStore } from '../generations/generation-store.ts';
import type { GenerationWatch } from '../generations/generation-watch.ts';

interface FollowOptions {
  readonly store: GenerationStore;
  readonly watch: GenerationWatch;
  readonly requestId: string;
  readonly show: (record: GenerationRecord) => unknown;
  /** Aborted when the server stops: the caller asks another process, or again. */
  readonly stopping: AbortSignal;
}

const LONGEST_STREAM_MS = 30 * 60_000;
/** Proxies close what is silent for a minute; a comment is no event. */
const ALIVE_EVERY_MS = 15_000;

/**
 * One event for each change of state, until the generation ends, the caller leaves, the server stops, or half an hour passed. A caller who comes back is
 * told the state of that moment first, so nothing is missed.
 */
export async function followGeneration(
  first: GenerationRecord,
  reply: FastifyReply,
  { store, watch, requestId, show, stopping }: FollowOptions,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  });
  const alive = setInterval(() => raw.write(': alive\n\n'), ALIVE_EVERY_MS).unref();
  const left = new AbortController();
  raw.once('close', () => left.abort());
  const over = AbortSignal.any([stopping, left.signal, AbortSignal.timeout(LONGEST_STREAM_MS)]);
  let told = '';
  for (
    let record: GenerationRecord | null = first;
    record !== null && !over.aborted;
    record = await store.find(record.id).catch(() => null)
  ) {
    if (record.state !== told) {
      told = record.state;
      const event = `event: generation.${told}\ndata: ${JSON.stringify(show(record))}\n\n`;
      if (!raw.write(event)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
    const mayChange = told === 'running' || told === 'held';
    if (!mayChange) break;
    await watch.changed(record.id, told, over);
  }
  clearInterval(alive);
  raw.end();
  return reply;
}
