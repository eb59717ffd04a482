import type { Category } from '../../contracts/category.ts';
import type { PastTurn } from './conversation-memory.ts';

interface Accumulation {
  /** What the present turn says on its own. */
  readonly own: ReadonlyMap<Category, number>;
  /** Earlier turns, the newest first. */
  readonly turns: readonly PastTurn[];
  readonly at: Date;
}

/** Below this a score is what harmless prompts of one style get again and again. */
const NOISE = 0.2;
/** The most that one turn can say, so that no single refusal weighs like several. */
const MOST = 0.5;
const FEWEST_EARLIER = 2;
const HALF_LIFE_TURNS = 5;
const HALF_LIFE_MS = 10 * 60_000;
const LEAST_SCORE = 0.5;

/**
 * Weak evidence that repeats, by category: 1 − Π(1 − wᵢ), where wᵢ is what a turn says beyond the noise, halved every
 * five turns and every ten minutes. Only where the present turn and at least two earlier ones say something: neither one
 * refusal nor an innocent turn after several adds up to anything.
 */
export function accumulatedRisk({ own, turns, at }: Accumulation): Map<Category, number> {
  const risks = new Map<Category, number>();
  for (const [category, score] of own) {
    const present = weight(score);
    if (present === 0) continue;
    let innocence = 1 - present;
    let earlier = 0;
    for (const [age, turn] of turns.entries()) {
      const said = weight(turn.evidence[category] ?? 0);
      if (said === 0) continue;
      earlier += 1;
      innocence *= 1 - said * decay(age, at.getTime() - turn.at.getTime());
    }
    const risk = 1 - innocence;
    if (earlier >= FEWEST_EARLIER && risk >= LEAST_SCORE && risk > score) risks.set(category, risk);
  }
  return risks;
}

function weight(score: number): number {
  return Math.max(0, Math.min(score, MOST) - NOISE);
}

function decay(turns: number, elapsedMs: number): number {
  return 2 ** -(turns / HALF_LIFE_TURNS + Math.max(0, elapsedMs) / HALF_LIFE_MS);
}
