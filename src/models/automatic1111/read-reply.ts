import type { RenderEvent } from '../../contracts/image-model.ts';
import type { OutboundResponse } from '../../outbound/outcome.ts';
import { failedEvent, failureOfStatus, garbage } from '../failures.ts';
import { decodeBase64, sniffImage } from '../image-bytes.ts';
import { countProblem } from '../openai/read-reply.ts';
import { recognizeRefusal } from '../refusals/dialects.ts';
import type { IsBlack } from '../refusals/recognition.ts';
import { listMember, member, parseJson, textMember } from '../upstream-reply.ts';

/** AUTOMATIC1111's answer: `{images: [base64], info: "<JSON>"}`. Every picture is looked at for the censor's black. */
export async function readReply(
  { status, headers, body: bytes }: OutboundResponse,
  { n, name, isBlack }: { readonly n: number; readonly name: string; readonly isBlack: IsBlack },
): Promise<RenderEvent> {
  const body = parseJson(bytes);
  const info = parseJson(Buffer.from(textMember(body, 'info')));
  const images = status === 200 ? picturesOf(body, info) : [];
  if (images === null) return failedEvent(garbage('bytes that are no picture'));
  const refusal = await recognizeRefusal({ status, headers, body, images }, { dialects: ['automatic1111'], isBlack });
  if (refusal !== null) return refusal;
  if (status !== 200) return failedEvent(failureOfStatus({ status, headers, code: textMember(body, 'error') }));
  if (!Array.isArray(member(body, 'images'))) return failedEvent(garbage('status 200 without a list of pictures'));
  const count = countProblem(images.length, n);
  if (count !== null) return failedEvent(count);
  return { kind: 'final', images: images.map((image) => ({ bytes: image })), usage: null, modelVersion: versionOf(info) ?? name };
}

/** The pictures without the contact sheet that may come first; null when one of them is none. */
function picturesOf(body: unknown, info: unknown): readonly Buffer[] | null {
  const first = member(info, 'index_of_first_image');
  const pictures: Buffer[] = [];
  for (const entry of listMember(body, 'images').slice(typeof first === 'number' ? Math.max(0, first) : 0)) {
    const picture = typeof entry === 'string' ? decodeBase64(entry) : null;
    if (picture === null || sniffImage(picture) === null) return null;
    pictures.push(picture);
  }
  return pictures;
}

function versionOf(info: unknown): string | undefined {
  const version = [textMember(info, 'sd_model_name'), textMember(info, 'sd_model_hash')].filter((part) => part !== '').join('@');
  return version === '' ? undefined : version.slice(0, 200);
}
