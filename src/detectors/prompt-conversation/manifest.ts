import type { CheckEntry } from '../registry.ts';
import { createPromptConversationCheck } from './prompt-conversation-check.ts';

export const checks: readonly CheckEntry[] = [{ id: 'prompt-conversation', create: createPromptConversationCheck }];
