import type { RawImage, RenderEvent, UpstreamUsage } from '../../contracts/image-model.ts';
import type { StreamPart } from '../../outbound/outcome.ts';
import { failedEvent, failureOfCall, garbage } from '../failures.ts';
import { NEVER_BLACK, recognizeRefusal } from '../refusals/dialects.ts';
import { isRecord, member, textMember } from '../upstream-reply.ts';
import { countProblem, detailsOf, type ReadContext, readImage, usageOf } from './read-reply.ts';
import { type ScannedJson, scanB64 } from './scan-b64.ts';
import { readSse, type SseEvent } from './sse.ts';

export interface StreamContext extends ReadContext {
  /** Frames are handed on only when the caller asked for some. */
  readonly wantsPartials: boolean;
}

/** Reads `image_generation.*` or `image_edit.*` events up to the last one; always ends with exactly one last event. */
export async function* readStream(parts: AsyncIterable<StreamPart>, context: StreamContext): AsyncGenerator<RenderEvent> {
  const images: RawImage[] = [];
  let usage: UpstreamUsage | null = null;
  let details: Readonly<Record<string, string>> = {};
  for await (const event of readSse(parts)) {
    if (event.kind === 'failed') {
      yield failedEvent(failureOfCall(event));
      return;
    }
    const step = await readEvent(event, context);
    if (step.kind === 'completed') {
      images.push(step.image);
      usage = step.usage ?? usage;
      details = step.details;
    } else if (step.kind !== 'ignored') {
      yield step;
      if (step.kind !== 'partial') return;
    }
  }
  const count = countProblem(images.length, context.n);
  yield count === null ? { kind: 'final', images, usage, modelVersion: context.model, details } : failedEvent(count);
}

type Step =
  | Exclude<RenderEvent, { kind: 'final' }>
  | {
      readonly kind: 'completed';
      readonly image: RawImage;
      readonly usage: UpstreamUsage | null;
      readonly details: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'ignored' };

async function readEvent(event: SseEvent, context: StreamContext): Promise<Step> {
  if (event.data.equals(Buffer.from('[DONE]'))) return { kind: 'ignored' };
  const scanned = scanB64(event.data);
  if (!isRecord(scanned.body)) return failed('a stream event that is not a JSON object');
  const type = textMember(scanned.body, 'type') || event.name;
  if (type === 'error' || isRecord(member(scanned.body, 'error'))) return readError(scanned.body, context);
  if (type.endsWith('.partial_image')) return readPartial(scanned, context);
  if (!type.endsWith('.completed')) return { kind: 'ignored' };
  const read = await readImage(scanned.body, scanned, context);
  return read.kind === 'failed'
    ? read
    : { kind: 'completed', image: read.image, usage: usageOf(scanned.body), details: detailsOf(scanned.body) };
}

async function readPartial(scanned: ScannedJson, context: StreamContext): Promise<Step> {
  if (!context.wantsPartials) return { kind: 'ignored' };
  const read = await readImage(scanned.body, scanned, context);
  if (read.kind === 'failed') return read;
  const index = member(scanned.body, 'partial_image_index');
  return { kind: 'partial', index: typeof index === 'number' ? index : 0, image: read.image };
}

/** An error inside a stream has no status of its own; the recognizers get the one it would have had. */
async function readError(body: unknown, { dialects }: StreamContext): Promise<Step> {
  const error = member(body, 'error') ?? body;
  const reply = { status: 400, headers: {}, body: { error }, images: [] };
  const refusal = await recognizeRefusal(reply, { dialects, isBlack: NEVER_BLACK });
  if (refusal !== null) return refusal;
  return {
    kind: 'failed',
    failure: { cause: 'server_error', retryable: false, reachedModel: true, detail: 'an error event in the stream' },
  };
}

function failed(detail: string): Step {
  return { kind: 'failed', failure: garbage(detail) };
}
