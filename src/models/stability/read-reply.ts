import type { RenderEvent } from '../../contracts/image-model.ts';
import type { OutboundResponse } from '../../outbound/outcome.ts';
import { failedEvent, failureOfStatus, garbage } from '../failures.ts';
import { decodeBase64, sniffImage } from '../image-bytes.ts';
import { NEVER_BLACK, recognizeRefusal } from '../refusals/dialects.ts';
import { parseJson, textMember } from '../upstream-reply.ts';

/** Stability's answer: the picture itself with `finish-reason` as a header, or JSON with `image` and `finish_reason`. */
export async function readReply({ status, headers, body: bytes }: OutboundResponse, modelVersion: string): Promise<RenderEvent> {
  const isPicture = headers['content-type']?.startsWith('image/') === true;
  const body = isPicture ? undefined : parseJson(bytes);
  const refusal = await recognizeRefusal({ status, headers, body, images: [] }, { dialects: ['stability'], isBlack: NEVER_BLACK });
  if (refusal !== null) return refusal;
  if (status !== 200) return failedEvent(failureOfStatus({ status, headers, code: textMember(body, 'name') }));
  // Without the reason a blurred picture cannot be told from a good one.
  if (textMember(body, 'finish_reason') === '' && headers['finish-reason'] === undefined) {
    return failedEvent(garbage('status 200 without a finish reason'));
  }
  const image = isPicture ? bytes : decodeBase64(textMember(body, 'image'));
  if (image === null || sniffImage(image) === null) return failedEvent(garbage('status 200 without a picture'));
  return { kind: 'final', images: [{ bytes: image }], usage: null, modelVersion };
}
