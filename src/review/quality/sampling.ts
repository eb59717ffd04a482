import type { Lot } from './lot.ts';

/** How much of the work is looked at twice. Shares from 0 to 1. */
export interface QualityPlan {
  /** Of all decisions, how many get a second look by somebody who does not know the first. */
  readonly doubleShare: number;
  /** For how many decisions in a queue one case comes up there whose right answer is known. */
  readonly goldShare: number;
  /** A gold case retires after so many looks. */
  readonly goldLooks: number;
  /** What nobody took within so many hours is taken back. */
  readonly replayHours: number;
}

export const SHIPPED_QUALITY: QualityPlan = { doubleShare: 0.08, goldShare: 0.05, goldLooks: 30, replayHours: 48 };

/** What a decision brings about later. */
export interface PlannedReplay {
  readonly purpose: 'double' | 'gold';
  readonly dueAt: Date;
}

const MINUTE = 60_000;
/** Late enough that the undo window is over, and at no time that tells anything. */
const DELAYS = { double: [5 * MINUTE, 8 * 60 * MINUTE], gold: [2 * MINUTE, 60 * MINUTE] } as const;

/** What the lots say about a decision. @param decision an id that is never used twice */
export function drawReplays(decision: string, { lot, plan, now }: { lot: Lot; plan: QualityPlan; now: Date }): readonly PlannedReplay[] {
  const shares = { double: plan.doubleShare, gold: plan.goldShare };
  return (['double', 'gold'] as const)
    .filter((purpose) => lot(purpose, decision) < shares[purpose])
    .map((purpose) => {
      const [least, most] = DELAYS[purpose];
      return { purpose, dueAt: new Date(now.getTime() + least + lot(`${purpose} delay`, decision) * (most - least)) };
    });
}
