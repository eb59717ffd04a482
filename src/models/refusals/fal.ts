import { listMember, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { recognizeBlackPicture } from './black-picture.ts';
import { type IsBlack, type Recognition, refused } from './recognition.ts';

/**
 * fal: 422 with a typed detail (its `input` echoes the prompt and is not read), or 200 with `has_nsfw_concepts` /
 * `nsfw_content_detected` and a black picture; a model without these fields may still send a black one.
 */
export async function recognizeFal(reply: UpstreamReply, isBlack: IsBlack): Promise<Recognition> {
  const { status, body, images } = reply;
  if (status === 422) {
    const isPolicy = listMember(body, 'detail').some((detail) => textMember(detail, 'type') === 'content_policy_violation');
    return isPolicy ? refused('input') : null;
  }
  if (status !== 200) return null;
  const flags = [...listMember(body, 'has_nsfw_concepts'), ...listMember(body, 'nsfw_content_detected')];
  return flags.some((flag) => flag === true) ? refused('output', { words: ['nsfw'] }) : recognizeBlackPicture(images, isBlack);
}
