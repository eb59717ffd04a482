import { z } from 'zod';
import type { Check, CheckInput, ConversationRef, Detection } from '../../contracts/check.ts';
import type { ConversationMemory } from '../../prompts/conversation/conversation-memory.ts';
import type { JudgeText } from '../../prompts/conversation/emergent-risk.ts';
import { judgeConversation } from '../../prompts/conversation/judge-conversation.ts';
import { CONVERSATION_CATEGORIES, CONVERSATION_CHECK } from '../../prompts/conversation/remember-turn.ts';
import { positiveText } from '../../prompts/reading/positive-text.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(10_000).default(2_000) });

/** What this check takes of `CheckParts`. */
export interface PromptConversationParts {
  readonly conversationMemory: ConversationMemory;
  readonly localJudge: { readonly version: string; readonly judge: JudgeText };
}

/** The prompt together with the turns before it. State that cannot be read makes it fail, never pass. */
export function createPromptConversationCheck({ conversationMemory, localJudge }: PromptConversationParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: CONVERSATION_CHECK,
    get version() {
      return `1+${localJudge.version}`;
    },
    looksAt: ['prompt'],
    categories: CONVERSATION_CATEGORIES,
    // It asks the other checks about more words, and so covers nothing that they do not.
    coverage: [],
    deadlineMs,
    // Most prompts belong to no conversation.
    isImmediate: true,
    detect: (input) => (input.conversation === undefined ? UNLINKED : judgeLinked(input, input.conversation)),
  };

  async function judgeLinked(input: CheckInput, conversation: ConversationRef): Promise<Detection> {
    const turns = await conversationMemory.recall(conversation);
    if (turns === null) return UNLINKED;
    const text = positiveText(readPrompt(input.prompt));
    const judge = (whole: string) => localJudge.judge(whole, input);
    return { kind: 'signals', signals: judgeConversation({ text, turns, at: conversation.at, judge }) };
  }
}

const UNLINKED: Detection = { kind: 'abstained', reason: 'conversation:unlinked' };
