/** An objective that the database itself can tell of. A failure counts when its time is over, not when somebody gets round to it. */
export interface Slo {
  readonly id: string;
  readonly name: string;
  /** In words, for people. */
  readonly promise: string;
  /** The share that has to be good, from 0 to 1. */
  readonly objective: number;
  readonly withinSeconds: number;
  readonly about: 'holds' | 'reviews' | 'takedowns';
}

const HOUR = 3_600;

/** What the mission asks of a service like this. A median below one hour is the same as half of all reviews within one hour. */
export const SLOS: readonly Slo[] = [
  { id: 'automatic_hold', name: 'Automatic hold', promise: 'within 60 s', objective: 0.99, withinSeconds: 60, about: 'holds' },
  { id: 'review_median', name: 'Review, median', promise: 'under 1 h', objective: 0.5, withinSeconds: HOUR, about: 'reviews' },
  { id: 'review_p95', name: 'Review, 95th percentile', promise: 'under 4 h', objective: 0.95, withinSeconds: 4 * HOUR, about: 'reviews' },
  { id: 'takedown', name: 'Takedown', promise: 'within 24 h', objective: 0.99, withinSeconds: 24 * HOUR, about: 'takedowns' },
];

export const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
export type BurnWindow = (typeof WINDOWS)[number];

export const WINDOW_MINUTES: Readonly<Record<BurnWindow, number>> = {
  '5m': 5,
  '30m': 30,
  '1h': 60,
  '2h': 120,
  '6h': 360,
  '1d': 1_440,
  '3d': 4_320,
};

/** An alarm: both windows burn faster than `factor` times what the budget of 30 days allows. */
export interface BurnRule {
  readonly severity: 'page' | 'ticket';
  readonly long: BurnWindow;
  /** Ends the alarm soon after the trouble ends. */
  readonly short: BurnWindow;
  readonly factor: number;
}

/** The Site Reliability Workbook, chapter 5, table 5-8: 2 %, 5 %, 10 % and 10 % of the budget are gone when they sound. */
const WORKBOOK: readonly BurnRule[] = [
  { severity: 'page', long: '1h', short: '5m', factor: 14.4 },
  { severity: 'page', long: '6h', short: '30m', factor: 6 },
  { severity: 'ticket', long: '1d', short: '2h', factor: 3 },
  { severity: 'ticket', long: '3d', short: '6h', factor: 1 },
];
/** When four of five are bad somebody is woken, even where the budget is so large that no factor of the table can be reached. */
const MOSTLY_BAD = 0.8;

/** The rules for an objective. A factor that not even an outage could reach is left out. */
export function burnRules({ objective }: Slo): readonly BurnRule[] {
  const budget = 1 - objective;
  const reachable = WORKBOOK.filter(({ factor }) => factor * budget < 0.9);
  if (reachable.some(({ severity }) => severity === 'page')) return reachable;
  return [{ severity: 'page', long: '6h', short: '30m', factor: Math.round((10 * MOSTLY_BAD) / budget) / 10 }, ...reachable];
}

/** Below so many in the long window one bad case would be an alarm. */
export const FEWEST_EVENTS = 10;
