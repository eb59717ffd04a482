import { listMember, member, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { type Recognition, refused } from './recognition.ts';

const REFUSING: readonly string[] = [
  'SAFETY',
  'IMAGE_SAFETY',
  'PROHIBITED_CONTENT',
  'IMAGE_PROHIBITED_CONTENT',
  'RECITATION',
  'IMAGE_RECITATION',
  'BLOCKLIST',
  'SPII',
];

/**
 * Google, always with status 200: `promptFeedback.blockReason`, a candidate's `finishReason`, Imagen's
 * `raiFilteredReason` (whose support codes are kept as words), or `STOP` with prose and no picture, where the model
 * itself declined and it cannot be told over what.
 */
export function recognizeGemini({ status, body }: UpstreamReply): Recognition {
  if (status !== 200) return null;
  const feedback = member(body, 'promptFeedback');
  const blockReason = textMember(feedback, 'blockReason');
  if (blockReason !== '') return refused('input', { words: [blockReason, ...blockedRatings(feedback)] });

  const candidates = listMember(body, 'candidates');
  const stopped = candidates.find((candidate) => REFUSING.includes(textMember(candidate, 'finishReason')));
  if (stopped !== undefined) return refused('output', { words: [textMember(stopped, 'finishReason'), ...blockedRatings(stopped)] });

  const filtered = listMember(body, 'predictions').map((prediction) => textMember(prediction, 'raiFilteredReason'));
  if (filtered.some((reason) => reason !== '')) return refused('output', { words: filtered.flatMap(supportCodes) });
  return candidates.length > 0 && !candidates.some(hasPicture) ? refused('unknown') : null;
}

function blockedRatings(holder: unknown): readonly unknown[] {
  return listMember(holder, 'safetyRatings').flatMap((rating) => (member(rating, 'blocked') === true ? [member(rating, 'category')] : []));
}

function hasPicture(candidate: unknown): boolean {
  return listMember(candidate, 'content', 'parts').some((part) => textMember(part, 'inlineData', 'data') !== '');
}

function supportCodes(reason: string): readonly string[] {
  return reason.match(/\b\d{8}\b/g) ?? [];
}
