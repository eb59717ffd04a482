import type { Category } from '../../contracts/category.ts';
import type { Signal } from '../../contracts/finding.ts';
import { accumulatedRisk } from './accumulated-risk.ts';
import type { PastTurn } from './conversation-memory.ts';
import { emergentRisk, type JudgeText, peaksOf } from './emergent-risk.ts';

interface Conversation {
  /** Canonical text of the present turn. */
  readonly text: string;
  /** Earlier turns, the newest first. */
  readonly turns: readonly PastTurn[];
  readonly at: Date;
  readonly judge: JudgeText;
}

/**
 * What the present turn means together with earlier ones. Two questions: is there a set of turns that says more than each
 * of them alone, and does weak evidence repeat. A refused turn made no picture, so it is no part of what is put together,
 * and it counts once in what repeats: an innocent turn after it stays innocent. One signal for each category,
 * `conversation:<category>`.
 * @throws ImprimaturError CHECK_FAILED when the turns are longer than can be judged
 */
export function judgeConversation({ text, turns, at, judge }: Conversation): Signal[] {
  const own = peaksOf(judge(text));
  const strongest = new Map<Category, number>();
  for (const risks of [emergentRisk({ text, own, judge, turns: turns.filter(wasShown) }), accumulatedRisk({ own, turns, at })]) {
    for (const [category, score] of risks) strongest.set(category, Math.max(score, strongest.get(category) ?? 0));
  }
  return [...strongest].map(([category, score]) => ({ category, score, reason: `conversation:${category}` }));
}

const wasShown = ({ action, text }: PastTurn) => (action === 'allow' || action === 'label') && text !== '';
