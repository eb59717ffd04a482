import { z } from 'zod';
import { ALARM_PERCENTS, SAFE_OUTCOMES } from './obligation.ts';

/** Its queue of timers; a job of it has the clock's id as its key. */
export const CLOCK_QUEUE = 'case-clock';

/** A clock of one case. Its facts are those of the obligation on the day on which it started. */
const clockRow = z
  .object({
    id: z.string(),
    case_id: z.templateLiteral(['case_', z.string()]),
    obligation: z.string(),
    is_statutory: z.boolean(),
    duration: z.string(),
    zone: z.string(),
    safe_outcome: z.enum(SAFE_OUTCOMES),
    started_at: z.date(),
    promised_at: z.date(),
    due_at: z.date(),
    paused_at: z.date().nullable(),
    alarmed: z.array(z.number()),
    passed_at: z.date().nullable(),
    ended_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    caseId: row.case_id,
    obligation: row.obligation,
    isStatutory: row.is_statutory,
    duration: row.duration,
    zone: row.zone,
    safeOutcome: row.safe_outcome,
    startedAt: row.started_at,
    /** When it was due at its start; a pause moves `dueAt`. */
    promisedAt: row.promised_at,
    dueAt: row.due_at,
    pausedAt: row.paused_at,
    alarmed: row.alarmed,
    passedAt: row.passed_at,
    endedAt: row.ended_at,
  }));
export type Clock = z.output<typeof clockRow>;

export const CLOCK_COLUMNS =
  'id, case_id, obligation, is_statutory, duration, zone, safe_outcome, started_at, promised_at, due_at, paused_at, alarmed, passed_at, ended_at';

export function toClock(row: unknown): Clock {
  return clockRow.parse(row);
}

type Times = Pick<Clock, 'startedAt' | 'promisedAt' | 'dueAt'>;

/** When so many percent of the time are over, counting what a pause gave back. */
export function momentOf({ startedAt, promisedAt, dueAt }: Times, percent: number): Date {
  const total = promisedAt.getTime() - startedAt.getTime();
  return new Date(dueAt.getTime() - Math.floor((total * (100 - percent)) / 100));
}

/** The next alarm that was not given yet, or the deadline; null when both are behind. */
export function nextMoment(clock: Times & Pick<Clock, 'alarmed' | 'passedAt'>): Date | null {
  const percent = ALARM_PERCENTS.find((one) => !clock.alarmed.includes(one));
  if (percent !== undefined) return momentOf(clock, percent);
  return clock.passedAt === null ? clock.dueAt : null;
}

export type ClockState = 'running' | 'paused' | 'passed' | 'met' | 'missed';

export function stateOf({ endedAt, passedAt, pausedAt, dueAt }: Clock): ClockState {
  if (endedAt !== null) return endedAt.getTime() <= dueAt.getTime() ? 'met' : 'missed';
  if (passedAt !== null) return 'passed';
  return pausedAt === null ? 'running' : 'paused';
}
