import type { ConversationRef } from '../../contracts/check.ts';
import type { Submission } from '../../contracts/submission.ts';

/** What links a submission to earlier ones. A mask is drawn for one picture and links nothing. */
export function conversationRefOf({ id, caller, receivedAt, request, conversation }: Submission): ConversationRef {
  return {
    turn: id,
    keyId: caller.keyId,
    application: caller.application,
    at: receivedAt,
    claims: conversation ?? { conversations: [], endUsers: [] },
    inputHashes: request.inputs.filter(({ role }) => role === 'image').map(({ sha256 }) => sha256),
  };
}
