import { ImprimaturError } from '../../contracts/errors.ts';
import type { ConversationMemory } from './conversation-memory.ts';

/** For commands that judge without a database. A text without a conversation never asks; whatever does ask fails. */
export const ABSENT_MEMORY: ConversationMemory = {
  recall: () => Promise.reject(absent()),
  remember: () => Promise.reject(absent()),
  sweep: () => Promise.reject(absent()),
};

/** For a policy that does not look at conversations: nothing is kept that nobody will read. */
export const UNKEPT_MEMORY: ConversationMemory = {
  recall: async () => null,
  remember: async () => undefined,
  sweep: async () => 0,
};

function absent(): ImprimaturError {
  return new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'There is no memory of conversations here.' });
}
