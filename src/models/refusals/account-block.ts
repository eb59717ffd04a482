import { member, textMember, type UpstreamReply } from '../upstream-reply.ts';
import { type Recognition, refused } from './recognition.ts';

const BLOCKED =
  /\b(resource|account|organi[sz]ation|subscription|access)\b[^.]{0,80}\b(blocked|suspended|disabled|deactivated|terminated)\b/i;
/** Where an upstream speaks of the account. A 400 or 422 speaks of the request, and may repeat what the user wrote. */
const ABOUT_THE_ACCOUNT: readonly number[] = [401, 402, 403, 429];
const CODES: readonly string[] = ['account_deactivated', 'resource_blocked', 'access_terminated'];

/**
 * The upstream has cut off the whole account (Azure: 403 "Your resource has been temporarily blocked …"), for the sum
 * of what everybody sent. The text mentions the content policy, so this must be asked before the recognizers of user
 * violations: a platform that did not told innocent users that they had broken the rules.
 */
export function recognizeAccountBlock({ status, body }: UpstreamReply): Recognition {
  if (status < 400 || status >= 500) return null;
  const error = member(body, 'error');
  const message = typeof error === 'string' ? error : textMember(error, 'message') || textMember(body, 'message');
  const code = textMember(error, 'code') || textMember(body, 'code');
  const isSaid = ABOUT_THE_ACCOUNT.includes(status) && BLOCKED.test(message);
  return CODES.includes(code) || isSaid ? refused('account') : null;
}
