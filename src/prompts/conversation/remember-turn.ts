import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { Decided } from '../../contracts/cleared.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { Prechecked } from '../../contracts/stages.ts';
import { positiveText } from '../reading/positive-text.ts';
import { readPrompt } from '../reading/read-prompt.ts';
import type { ConversationMemory, Evidence } from './conversation-memory.ts';
import { conversationRefOf } from './conversation-ref.ts';

/** The check whose signals are about the whole conversation. Its own evidence does not count again. */
export const CONVERSATION_CHECK = 'prompt-conversation';

/** Everything that a prompt can be about; files and lists of known pictures have no conversation. */
export const CONVERSATION_CATEGORIES: readonly Category[] = CATEGORIES.filter((one) => one !== 'known_bad' && one !== 'unsafe_file');

const LEAST_SCORE = 0.05;

export interface RememberParts {
  readonly conversationMemory: ConversationMemory;
}

/**
 * Writes down what this turn said, once it is decided. Also turns that were refused: how often somebody tries is evidence.
 * @throws ImprimaturError when it cannot be written; the next turn would be judged without it.
 */
export async function rememberTurn(
  { findings, submission, decision }: Decided<Prechecked>,
  { conversationMemory }: RememberParts,
): Promise<void> {
  const text = positiveText(readPrompt(submission.request.prompt));
  await conversationMemory.remember(conversationRefOf(submission), { text, evidence: evidenceOf(findings), action: decision.action });
}

/** The strongest score of each category that the prompt got on its own. */
export function evidenceOf(findings: readonly Finding[]): Evidence {
  const evidence: Partial<Record<Category, number>> = {};
  for (const finding of findings) {
    if (finding.kind !== 'signals' || finding.subject.kind !== 'prompt' || finding.check === CONVERSATION_CHECK) continue;
    for (const { category, score } of finding.signals) {
      if (score >= LEAST_SCORE && CONVERSATION_CATEGORIES.includes(category)) evidence[category] = Math.max(score, evidence[category] ?? 0);
    }
  }
  return evidence;
}
