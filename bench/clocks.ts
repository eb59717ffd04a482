/**
 * Deadlines of 10,000 simulated cases against an arithmetic that walks day by day, and forecasts of broken deadlines against what then happened:
 * `npx tsx bench/run.ts clocks`.
 */
import { SHIPPED_DEADLINES } from '../src/policy/deadlines.ts';
import { momentOf } from '../src/review/clocks/clock.ts';
import { deadlineByWalking } from '../src/review/clocks/day-by-day.fixture.ts';
import { deadlineAfter } from '../src/review/clocks/deadline.ts';
import { ALARM_PERCENTS } from '../src/review/clocks/obligation.ts';
import { obligationsUnder } from '../src/review/clocks/obligations.ts';
import { type Scenario, simulate } from './queue-simulation.ts';
import { seededRandom } from './random.ts';
import { note, writeResult } from './results.ts';

const CASES = Number(process.env['CLOCK_CASES'] ?? 10_000);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const random = seededRandom(20_261_122);
const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

/** Every obligation, and durations and zones that a policy of somebody else may have. */
function arithmetic() {
  const own = ['PT1H', 'PT36H', 'P1D', 'P10D', 'P1W', 'P1M', 'P6M', 'P1Y', 'P1M2DT3H'];
  const zones = [
    'UTC',
    'Europe/Brussels',
    'Europe/London',
    'America/New_York',
    'America/Sao_Paulo',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  ];
  const rows = [
    ...obligationsUnder(SHIPPED_DEADLINES).map(({ duration, zone }) => ({ duration, zone })),
    ...own.flatMap((duration) => zones.map((zone) => ({ duration, zone }))),
  ];
  const nights = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2028-02-29', '2026-01-31', '2026-04-05', '2026-10-04'];
  let [errors, alarmErrors, nearChange] = [0, 0, 0];
  for (let n = 0; n < CASES; n++) {
    const { duration, zone } = rows[n % rows.length] ?? { duration: 'PT1H', zone: 'UTC' };
    const isNight = random() < 0.5;
    if (isNight) nearChange += 1;
    const base = isNight ? Date.parse(pick(nights) ?? '') - 1.5 * DAY : Date.UTC(2024, 0, 1);
    const start = new Date(base + Math.floor(random() * (isNight ? 3 : 2_000) * DAY));
    const due = deadlineAfter(start, duration, zone);
    if (due.getTime() !== deadlineByWalking(start, duration, zone).getTime()) errors += 1;
    const clock = { startedAt: start, promisedAt: due, dueAt: due };
    // By adding, where the product subtracts; both may round to the next millisecond.
    const added = ALARM_PERCENTS.map((percent) => start.getTime() + ((due.getTime() - start.getTime()) / 100) * percent);
    if (ALARM_PERCENTS.some((percent, i) => Math.abs(momentOf(clock, percent).getTime() - (added[i] ?? 0)) > 1)) alarmErrors += 1;
  }
  return { cases: CASES, obligationsAndZones: rows.length, nearChange, errors, alarmErrors };
}

const hourOf = (at: number) => (at % DAY) / HOUR;
/** Few at night, most in the evening. */
const daily = (mean: number) => (at: number) => mean * (1 + 0.6 * Math.sin(((hourOf(at) - 13) / 24) * 2 * Math.PI));
const HELD = [{ timeMs: 4 * HOUR, share: 1 }];
const NOTICES = [
  { timeMs: 24 * HOUR, share: 0.7 },
  { timeMs: 48 * HOUR, share: 0.2 },
  { timeMs: 2 * HOUR, share: 0.08 },
  { timeMs: HOUR, share: 0.02 },
];
const MINUTES_2 = 120_000;

const SCENARIOS: readonly Scenario[] = [
  { name: 'enough people', cases: 5_000, perHour: daily(80), people: () => 5, meanHandlingMs: MINUTES_2, classes: HELD },
  { name: 'notices of many kinds', cases: 5_000, perHour: daily(40), people: () => 2, meanHandlingMs: MINUTES_2, classes: NOTICES },
  {
    name: 'a surge in one evening',
    cases: 5_000,
    perHour: (at) => daily(60)(at) + (at > 20 * HOUR && at < 22 * HOUR ? 400 : 0),
    people: () => 4,
    meanHandlingMs: MINUTES_2,
    classes: HELD,
  },
  {
    name: 'too few people in the evening',
    cases: 5_000,
    perHour: daily(80),
    people: (at) => (hourOf(at) > 16 && hourOf(at) < 23 ? 2 : 5),
    meanHandlingMs: MINUTES_2,
    classes: HELD,
  },
];

const clocks = arithmetic();
note(`deadlines: ${clocks.errors} errors in ${clocks.cases}`);
const forecasts = SCENARIOS.map((scenario) => {
  const result = simulate(scenario, random);
  const { scenario: name, cases, wrongAnHourAhead, openAnHourAhead, dueWithin, dueWithinRight, broken, foreseen, falseAlarms } = result;
  note(`${name}: an hour ahead ${wrongAnHourAhead} wrong of ${cases} cases (${openAnHourAhead} open then)`);
  note(
    `  looks within the hour: ${dueWithinRight} of ${dueWithin} right; ${broken} broken, ${foreseen} foreseen, ${falseAlarms} false alarms`,
  );
  return result;
});
const cases = forecasts.reduce((sum, one) => sum + one.cases, 0);
const wrong = forecasts.reduce((sum, one) => sum + one.wrongAnHourAhead, 0);
note(`all: ${(100 * (1 - wrong / cases)).toFixed(4)} % right an hour ahead`);
await writeResult('clocks', { clocks, forecasts, rightAnHourAhead: Number((1 - wrong / cases).toFixed(6)) });
