import type { Category } from '../../src/contracts/category.ts';
import type { Signal } from '../../src/contracts/finding.ts';
import type { PastTurn } from '../../src/prompts/conversation/conversation-memory.ts';
import type { JudgeText } from '../../src/prompts/conversation/emergent-risk.ts';
import { judgeConversation } from '../../src/prompts/conversation/judge-conversation.ts';
import { positiveText } from '../../src/prompts/reading/positive-text.ts';
import { readPrompt } from '../../src/prompts/reading/read-prompt.ts';

export interface SaidTurn {
  readonly text: string;
  /** Part of what is staged; a benign turn between is not. */
  readonly isFragment: boolean;
}

export interface Played {
  /** Some fragment was stopped for what it says alone. */
  readonly stoppedAlone: boolean;
  /** Some turn was stopped for what the conversation says. */
  readonly stoppedTogether: boolean;
  /** Some turn that is no fragment was stopped alone. */
  readonly benignStopped: boolean;
  /** CPU time of the conversation judgement of the last turn: wall time means little on a shared machine. */
  readonly lastMicroseconds: number;
}

interface Table {
  readonly judge: JudgeText;
  /** Whether the policy stops a prompt with these signals. */
  readonly stops: (signals: readonly Signal[]) => boolean;
}

const MAX_TURNS = 10;
const MINUTE_MS = 60_000;

/** Plays a session turn by turn, as the gateway does: judged alone and together, decided, remembered. */
export function playSession(said: readonly SaidTurn[], { judge, stops }: Table): Played {
  const played = { stoppedAlone: false, stoppedTogether: false, benignStopped: false, lastMicroseconds: 0 };
  let turns: PastTurn[] = [];
  for (const [index, { text: prompt, isFragment }] of said.entries()) {
    const text = positiveText(readPrompt(prompt));
    const at = new Date(index * MINUTE_MS);
    const own = judge(prompt);
    const before = process.cpuUsage();
    const together = judgeConversation({ text, turns, at, judge });
    played.lastMicroseconds = process.cpuUsage(before).user;
    const [aloneStops, togetherStops] = [stops(own), stops(together)];
    if (aloneStops) played[isFragment ? 'stoppedAlone' : 'benignStopped'] = true;
    if (togetherStops) played.stoppedTogether = true;
    const evidence: Partial<Record<Category, number>> = {};
    for (const { category, score } of own) if (score >= 0.05) evidence[category] = Math.max(score, evidence[category] ?? 0);
    const action = aloneStops || togetherStops ? 'block' : 'allow';
    turns = [{ text, evidence, action, at } satisfies PastTurn, ...turns].slice(0, MAX_TURNS);
  }
  return played;
}

/** A text as so many fragments of consecutive words, with benign turns between each two. */
export function stage(text: string, fragments: number, between: readonly string[]): SaidTurn[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const perGap = between.length / (fragments - 1);
  return Array.from({ length: fragments }, (_, i) => i).flatMap((i) => {
    const part = words.slice(Math.round((i * words.length) / fragments), Math.round(((i + 1) * words.length) / fragments));
    const gap = i === fragments - 1 ? [] : between.slice(i * perGap, (i + 1) * perGap);
    return [{ text: part.join(' '), isFragment: true }, ...gap.map((benign) => ({ text: benign, isFragment: false }))];
  });
}
