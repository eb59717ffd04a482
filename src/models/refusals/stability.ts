import { textMember, type UpstreamReply } from '../upstream-reply.ts';
import { type Recognition, refused } from './recognition.ts';

/**
 * Stability v2beta: 403 `content_moderation` for the prompt; for the picture a 200 whose `finish_reason` (or header
 * `finish-reason`) is `CONTENT_FILTERED`, with a blurred picture. Any reason but `SUCCESS` counts as a refusal, since
 * the picture beside it is not the one that was asked for.
 */
export function recognizeStability({ status, headers, body }: UpstreamReply): Recognition {
  if (status === 403 && textMember(body, 'name') === 'content_moderation') return refused('input');
  if (status !== 200) return null;
  const reason = textMember(body, 'finish_reason') || (headers['finish-reason'] ?? '');
  if (reason === '' || reason === 'SUCCESS') return null;
  return refused(reason === 'CONTENT_FILTERED' ? 'output' : 'unknown', { words: [reason] });
}
