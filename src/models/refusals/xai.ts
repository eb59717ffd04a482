import { listMember, member, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { type Recognition, refused, soundsLikeRefusal } from './recognition.ts';

/**
 * xAI refuses with a success: 200 and `respect_moderation: false`, an entry without a picture, or an empty list. One
 * refused picture refuses the answer: the others came from the same prompt, and which one is missing cannot be told.
 * Refusals with an error status say so in prose, in one of three shapes.
 */
export function recognizeXai({ status, body }: UpstreamReply): Recognition {
  if (status >= 400) return recognizeError(status, body);
  const data = member(body, 'data');
  if (!Array.isArray(data)) return null;
  const entries = listMember(body, 'data');
  return entries.length === 0 || entries.some(isModerated) ? refused('output', { charged: chargedBy(body) }) : null;
}

function isModerated(entry: unknown): boolean {
  const hasPicture = textMember(entry, 'b64_json') !== '' || textMember(entry, 'url') !== '';
  return member(entry, 'respect_moderation') === false || !hasPicture;
}

function chargedBy(body: unknown): boolean | null {
  const ticks = member(body, 'usage', 'cost_in_usd_ticks');
  return typeof ticks === 'number' ? ticks > 0 : null;
}

function recognizeError(status: number, body: unknown): Recognition {
  const text = xaiErrorText(body);
  if ((status !== 400 && status !== 403 && status !== 422) || !soundsLikeRefusal(text)) return null;
  if (/generated|output/i.test(text)) return refused('output');
  return refused(/prompt|input|request/i.test(text) ? 'input' : 'unknown');
}

/** The message of `{error:{message}}`, `{code,error:"text"}` or `{error:"text"}`. For matching, never for showing. */
function xaiErrorText(body: unknown): string {
  return textMember(body, 'error') || textMember(body, 'error', 'message') || textMember(body, 'message');
}
