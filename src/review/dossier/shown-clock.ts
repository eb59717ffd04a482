import type { CompiledPolicy } from '../../policy/compile.ts';
import { type Clock, stateOf } from '../clocks/clock.ts';
import { obligationsUnder } from '../clocks/obligations.ts';

/** A clock with the law or target that set it. */
export function shownClock(clock: Clock, policy: Pick<CompiledPolicy, 'document'>) {
  const obligation = obligationsUnder(policy.document.deadlines).find(({ id }) => id === clock.obligation);
  return {
    id: clock.id,
    name: obligation?.name ?? clock.obligation,
    law: obligation?.law ?? null,
    source: obligation?.source ?? null,
    trigger: obligation?.trigger ?? null,
    duration: clock.duration,
    zone: clock.zone,
    started_at: clock.startedAt.toISOString(),
    due_at: clock.dueAt.toISOString(),
    is_statutory: clock.isStatutory,
    state: stateOf(clock),
    alarms: clock.alarmed,
  };
}
