import { startTurns } from '../jobs/start-turns.ts';
import { claimEffects } from '../review/decision-store.ts';
import { type SettleParts, settleDecision } from './settle-decision.ts';

interface LoopParts extends SettleParts {
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;
/** Few at a time: a process that dies leaves them to others for a minute. */
const AT_ONCE = 8;

/**
 * Makes happen what was decided and can no longer be taken back, also what a process that died left. Any number of processes may do so.
 * @returns stops it, once what is under way has ended
 */
export function startSettling(parts: LoopParts): () => Promise<void> {
  return startTurns(() => settleDue(parts), { everyMs: LOOK_EVERY_MS, onError: parts.onError });
}

async function settleDue(parts: LoopParts): Promise<void> {
  for (;;) {
    const due = await claimEffects(parts.db, { owner: parts.review.instanceId, limit: AT_ONCE });
    await Promise.all(due.map((made) => settleDecision(made, parts).catch(parts.onError)));
    if (due.length < AT_ONCE) return;
  }
}
