import { listMember, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { broken, type Recognition, refused } from './recognition.ts';

/**
 * Amazon Bedrock, with status 200: `finish_reasons` per picture (`Filter reason: prompt`, `… input image`, `… output
 * image`, `Inference error`, null for a good one), or the model's own `Request Moderated`.
 */
export function recognizeBedrock({ body }: UpstreamReply): Recognition {
  if (textMember(body, 'status') === 'Request Moderated') {
    return refused('input', { words: listMember(body, 'details', 'Moderation Reasons') });
  }
  const reasons = listMember(body, 'finish_reasons').filter((reason) => typeof reason === 'string');
  if (reasons.length === 0) return null;
  const filters = reasons.filter((reason) => reason.startsWith('Filter reason:'));
  if (filters.some((reason) => reason.includes('output'))) return refused('output', { words: filters });
  if (filters.some((reason) => /prompt|input/.test(reason))) return refused('input', { words: filters });
  return reasons.every((reason) => reason === 'Inference error') ? broken('server_error', 'inference error') : refused('unknown');
}
