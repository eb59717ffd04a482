import type { RawImage, RenderEvent, UpstreamFailure, UpstreamUsage } from '../../contracts/image-model.ts';
import type { OutboundResponse } from '../../outbound/outcome.ts';
import { failedEvent, failureOfStatus, garbage } from '../failures.ts';
import type { FetchPicture } from '../fetch-picture.ts';
import { sniffImage } from '../image-bytes.ts';
import { NEVER_BLACK, type RefusalDialect, recognizeRefusal } from '../refusals/dialects.ts';
import { isRecord, member, textMember } from '../upstream-reply.ts';
import { type ScannedJson, scanB64 } from './scan-b64.ts';

export interface ReadContext {
  readonly dialects: readonly RefusalDialect[];
  readonly model: string;
  /** How many pictures were asked for. */
  readonly n: number;
  readonly fetchPicture: FetchPicture;
}

/** One entry of an answer: a picture, or why there is none. */
export type ReadImage =
  | { readonly kind: 'image'; readonly image: RawImage }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure };

/** An answer in OpenAI's shape (`{data: [{b64_json | url, revised_prompt}], usage}`) as the last event of a rendering. */
export async function readReply({ status, headers, body: bytes }: OutboundResponse, context: ReadContext): Promise<RenderEvent> {
  const scanned = scanB64(bytes);
  const { body } = scanned;
  const reply = { status, headers, body, images: [] };
  const refusal = await recognizeRefusal(reply, { dialects: context.dialects, isBlack: NEVER_BLACK });
  if (refusal !== null) return refusal;
  if (status < 200 || status > 299) return failedEvent(failureOfStatus({ status, headers, code: textMember(body, 'error', 'code') }));
  if (status === 202) return failedEvent(garbage('a job instead of pictures'));
  if (body === undefined) return failedEvent(garbage(`status ${status} and not JSON`));
  const data = member(body, 'data');
  if (!Array.isArray(data)) return failedEvent(garbage('JSON without a data list'));
  return readEntries(data, scanned, context);
}

async function readEntries(entries: readonly unknown[], scanned: ScannedJson, context: ReadContext): Promise<RenderEvent> {
  const count = countProblem(entries.length, context.n);
  if (count !== null) return failedEvent(count);
  const images: RawImage[] = [];
  for (const entry of entries) {
    const read = await readImage(entry, scanned, context);
    if (read.kind === 'failed') return failedEvent(read.failure);
    images.push(read.image);
  }
  return { kind: 'final', images, usage: usageOf(scanned.body), modelVersion: context.model, details: detailsOf(scanned.body) };
}

/**
 * Fewer pictures than asked for are delivered: they were paid for, and how many came is plain to see in the answer.
 * More cannot be told from somebody else's answer, so none is used.
 */
export function countProblem(came: number, asked: number): UpstreamFailure | null {
  if (came === 0) return garbage('success without a picture');
  return came > asked ? garbage(`${came} pictures where ${asked} were asked for`) : null;
}

/** The picture of one entry or stream event, from base64 or by fetching its URL. */
export async function readImage(entry: unknown, scanned: ScannedJson, { fetchPicture }: ReadContext): Promise<ReadImage> {
  const url = textMember(entry, 'url');
  const encoded = member(entry, 'b64_json');
  if (textMember(entry, 'b64_json') === '' && url === '') return { kind: 'failed', failure: garbage('an entry without a picture') };
  const decoded = scanned.pictureOf(encoded);
  const fetched =
    decoded === null && url !== '' ? await fetchPicture(url) : ({ kind: 'picture', bytes: decoded ?? Buffer.alloc(0) } as const);
  if (fetched.kind === 'failed') return fetched;
  if (sniffImage(fetched.bytes) === null) return { kind: 'failed', failure: garbage('bytes that are no picture') };
  const revisedPrompt = textMember(entry, 'revised_prompt');
  return { kind: 'image', image: { bytes: fetched.bytes, ...(revisedPrompt === '' ? {} : { revisedPrompt }) } };
}

/** What the upstream says that it made. */
export function detailsOf(body: unknown): Readonly<Record<string, string>> {
  const told = (['size', 'quality', 'background'] as const).map((name) => [name, textMember(body, name)]);
  return Object.fromEntries(told.filter(([, value]) => value !== ''));
}

/** `usage` as the upstream gave it. */
export function usageOf(body: unknown): UpstreamUsage | null {
  const usage = member(body, 'usage');
  return isRecord(usage) ? usage : null;
}
