import type { ConversationClaims } from '../contracts/submission.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What links a request to earlier ones, as the caller says it: the header `x-imprimatur-conversation`, `conversation` (an
 * id, or an object with one), `metadata.conversation_id`, `previous_response_id`, `safety_identifier` and `user`; before them whom the platform vouches for. Every
 * one counts, so that a second id beside the first cannot cut a request off from its past.
 */
export function conversationClaims(fields: Fields, header: string | undefined, vouchedFor?: string): ConversationClaims {
  const { conversation, previous_response_id: previous, safety_identifier: identifier, user } = fields;
  const conversations = [header, conversation, member(conversation, 'id'), member(fields['metadata'], 'conversation_id')];
  return {
    conversations: distinctTexts(conversations),
    ...(typeof previous === 'string' && previous !== '' ? { previousResponse: previous } : {}),
    endUsers: distinctTexts([vouchedFor, identifier, user]),
  };
}

/** The fields that go to the model: it knows nothing of our conversations, and may refuse a parameter that it does not know. */
export function withoutClaims(fields: Fields): Fields {
  const { conversation: _conversation, previous_response_id: _previous, ...rest } = fields;
  const { metadata } = rest;
  if (member(metadata, 'conversation_id') === undefined || !isRecord(metadata)) return rest;
  const { conversation_id: _id, ...other } = metadata;
  if (Object.keys(other).length > 0) return { ...rest, metadata: other };
  const { metadata: _metadata, ...bare } = rest;
  return bare;
}

function distinctTexts(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string' && value !== ''))].map(String);
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
