import type { RefusalStage } from '../../contracts/image-model.ts';
import { isRecord, listMember, member, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { type Recognition, refused } from './recognition.ts';

const STAGES: ReadonlyMap<string, RefusalStage> = new Map<string, RefusalStage>([
  ['input', 'input'],
  ['output', 'output'],
]);

/** Codes that refuse what was sent in: dall-e, Azure, the Responses API. */
const INPUT_CODES: readonly string[] = ['content_policy_violation', 'image_content_policy_violation', 'invalid_prompt', 'bio_policy'];

/**
 * OpenAI's image models: 400 `moderation_blocked`, with `moderation_details` on newer models; on older ones the
 * categories stand only in the message (`safety_violations=[…]`).
 */
export function recognizeOpenAiModeration({ status, body }: UpstreamReply): Recognition {
  if (status < 400 || textMember(body, 'error', 'code') !== 'moderation_blocked') return null;
  const details = member(body, 'error', 'moderation_details');
  const named = listMember(details, 'categories');
  const words = named.length > 0 ? named : wordsInMessage(textMember(body, 'error', 'message'));
  return refused(STAGES.get(textMember(details, 'moderation_stage')) ?? 'unknown', { words });
}

/** `content_policy_violation` of dall-e and of Azure, whose `inner_error` says which filter, and its kin. */
export function recognizeContentPolicy({ status, body }: UpstreamReply): Recognition {
  if (status < 400) return null;
  const error = member(body, 'error');
  const inner = member(error, 'inner_error') ?? member(error, 'innererror');
  const code = textMember(error, 'code');
  const isFilter = textMember(inner, 'code') === 'ResponsibleAIPolicyViolation' || code.toLowerCase().replace('_', '') === 'contentfilter';
  if (!isFilter && !INPUT_CODES.includes(code)) return null;
  const ofOutput = /generated image/i.test(textMember(error, 'message'));
  return refused(ofOutput ? 'output' : 'input', { words: filteredWords(inner) });
}

function wordsInMessage(message: string): readonly string[] {
  return /safety_violations=\[([^\]]{0,500})\]/.exec(message)?.[1]?.split(',') ?? [];
}

function filteredWords(inner: unknown): readonly string[] {
  const results = member(inner, 'content_filter_results');
  if (!isRecord(results)) return [];
  return Object.entries(results).flatMap(([word, result]) => (member(result, 'filtered') === true ? [word] : []));
}
