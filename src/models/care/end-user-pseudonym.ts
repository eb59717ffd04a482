import { createHmac } from 'node:crypto';
import type { Submission } from '../../contracts/submission.ts';

/**
 * By what name upstreams know an end user: HMAC-SHA-256 under our key of the application and the id that the platform vouches for, or else named in the
 * request. An upstream can tell users apart, and block one rather than the account; it cannot tell who they are, nor that two applications share one.
 */
export function createPseudonyms(key: Uint8Array): (submission: Submission) => string | null {
  return ({ caller, conversation }) => {
    const id = caller.user?.id ?? conversation?.endUsers[0];
    if (id === undefined) return null;
    const digest = createHmac('sha256', key)
      .update(JSON.stringify(['upstream end user', caller.application, id]))
      .digest('hex');
    return digest.slice(0, 32);
  };
}
