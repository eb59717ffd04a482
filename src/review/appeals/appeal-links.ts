import { createHmac, timingSafeEqual } from 'node:crypto';

/** Links to the page on which somebody without an account can appeal one decision. */
export interface AppealLinks {
  pageOf(decisionId: string): string;
  /** True when the token was made here for this decision. */
  isGood(decisionId: string, token: string): boolean;
}

/** 128 bits: nobody guesses them, and the link still fits a message. */
const TOKEN_BYTES = 16;

/**
 * Whoever was told of a decision holds its link and needs nothing else. A link has no end of its own: the law says until when an appeal is
 * heard. It opens the reasons of that decision and the appeal, never the prompt or a picture.
 */
export function createAppealLinks({ secret, baseUrl }: { readonly secret: Uint8Array; readonly baseUrl: () => string }): AppealLinks {
  const sign = (decisionId: string) => createHmac('sha256', secret).update(`appeal\n${decisionId}`).digest().subarray(0, TOKEN_BYTES);
  return {
    pageOf: (decisionId) => `${baseUrl()}/appeal/${decisionId}?token=${sign(decisionId).toString('base64url')}`,
    isGood(decisionId, token) {
      const given = Buffer.from(token, 'base64url');
      return given.length === TOKEN_BYTES && timingSafeEqual(given, sign(decisionId));
    },
  };
}
