import { readFileSync } from 'node:fs';
import type { RenderEvent, RenderRequest } from '../../contracts/image-model.ts';
import type { OutboundOptions } from '../../outbound/outbound.ts';
import { type Bench, eventsOf, renderRequest, replyWith, type Upstream } from '../upstream.fixture.ts';
import { createOpenAiModel } from './adapter.ts';

export const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url);
export const GRADIENT = readFileSync(new URL('../stability/fixtures/gradient.png', import.meta.url));
export const CHECKER = readFileSync(new URL('../stability/fixtures/checker.png', import.meta.url));
export const GARBAGE = { kind: 'failed', failure: { cause: 'garbage', reachedModel: true, retryable: false } };

export interface Dialect {
  readonly upstreamModel?: string;
  readonly responseFormat?: 'b64_json' | 'url' | 'omit';
  readonly endUserField?: 'safety_identifier' | 'user' | 'omit';
  readonly apiKeyHeader?: 'authorization' | 'api-key';
}

/** A model with a key, in front of `upstream`. */
export function modelOf(bench: Bench, upstream: Pick<Upstream, 'baseUrl'>, dialect: Dialect = {}, outbound: OutboundOptions = {}) {
  return createOpenAiModel({
    name: 'house-model',
    baseUrl: `${upstream.baseUrl}/v1`,
    deadlineMs: 5_000,
    maxReplyBytes: 1_000_000,
    apiKey: () => 'secret-key',
    apiKeyHeader: 'authorization',
    outbound: bench.outbound(outbound),
    ...dialect,
  });
}

/** What the model makes of a recorded reply. */
export async function answerOf(bench: Bench, file: string, request: Partial<RenderRequest> = {}, status = 200): Promise<RenderEvent[]> {
  const upstream = await bench.upstream(replyWith(fixture(file), { status }));
  return eventsOf(modelOf(bench, upstream), renderRequest(request));
}
