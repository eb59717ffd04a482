import { createHmac } from 'node:crypto';
import type { ConversationRef } from '../../contracts/check.ts';

/** 128 bits are enough: links are looked up, not proven. */
const DIGEST_BYTES = 16;

/**
 * What a request is found by: a keyed digest for each claim, bound to kind of claim and API key, so that nobody joins
 * another customer's conversation by guessing its id, and a copy of the table names nobody.
 */
export function linkDigests(secret: Uint8Array, { keyId, claims }: ConversationRef): string[] {
  const { conversations, previousResponse, endUsers } = claims;
  const named = [
    ...conversations.map((id) => ['conversation', id]),
    ...(previousResponse === undefined ? [] : [['response', previousResponse]]),
    ...endUsers.map((id) => ['user', id]),
  ];
  return named.map((parts) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([keyId, ...parts]))
      .digest()
      .subarray(0, DIGEST_BYTES)
      .toString('base64url'),
  );
}

/** The turn that a `previous_response_id` stands for when it is an id of ours: every id of one generation ends alike. */
export function turnOfResponse({ claims }: ConversationRef): string | null {
  const { previousResponse = '' } = claims;
  const match = /^[a-z]{2,6}_([0-9a-hjkmnp-tv-z]{26})$/.exec(previousResponse);
  return match === null ? null : `gen_${match[1]}`;
}
