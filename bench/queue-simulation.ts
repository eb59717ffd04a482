import { forecastQueue, type QueueState } from '../src/review/clocks/forecast.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LOOK_EVERY_MS = 10 * MINUTE;
const AHEAD_MS = HOUR;

interface SimulatedCase {
  readonly arrives: number;
  readonly timeMs: number;
  readonly due: number;
  startedAt: number;
  decidedAt: number;
}

export interface Scenario {
  readonly name: string;
  readonly cases: number;
  /** Cases in an hour, at a time of the simulation. */
  readonly perHour: (at: number) => number;
  /** People at work, at a time of the simulation. */
  readonly people: (at: number) => number;
  readonly meanHandlingMs: number;
  /** Times until the deadline, with their shares. */
  readonly classes: readonly { readonly timeMs: number; readonly share: number }[];
}

/**
 * How often "will it be broken" was right: of every case, asked once an hour before its deadline (one that is decided by then needs no forecast, and is
 * right), and of every look at a case whose deadline lies in the next hour, the hardest that can be asked.
 */
export interface Rightness {
  readonly scenario: string;
  readonly cases: number;
  readonly looks: number;
  /** Cases wrong at the one look between 60 and 50 minutes before their deadline, and how many of them were open then. */
  readonly wrongAnHourAhead: number;
  readonly openAnHourAhead: number;
  readonly dueWithin: number;
  readonly dueWithinRight: number;
  readonly broken: number;
  readonly foreseen: number;
  readonly falseAlarms: number;
}

/** Arrivals as chance has them (Poisson), handling times log-normal around their mean with half of it as spread. */
export function simulate(scenario: Scenario, random: () => number): Rightness {
  const cases = arrivals(scenario, random);
  serve(cases, scenario, random);
  return judge(cases, scenario);
}

function arrivals({ cases, perHour, classes }: Scenario, random: () => number): SimulatedCase[] {
  const all: SimulatedCase[] = [];
  for (let at = 0; all.length < cases; ) {
    at += (-Math.log(1 - random()) * HOUR) / Math.max(0.001, perHour(at));
    const timeMs = drawTime(classes, random());
    all.push({ arrives: at, timeMs, due: at + timeMs, startedAt: Number.POSITIVE_INFINITY, decidedAt: Number.POSITIVE_INFINITY });
  }
  return all;
}

function drawTime(classes: Scenario['classes'], drawn: number): number {
  let below = 0;
  for (const { timeMs, share } of classes) {
    below += share;
    if (drawn < below) return timeMs;
  }
  return classes[0]?.timeMs ?? HOUR;
}

/** First deadline first, by whoever is free, in steps of a second. */
function serve(cases: readonly SimulatedCase[], { people, meanHandlingMs }: Scenario, random: () => number): void {
  const waiting: SimulatedCase[] = [];
  let busyUntil: number[] = [];
  let next = 0;
  const last = (cases.at(-1)?.arrives ?? 0) + 48 * HOUR;
  for (let now = 0; now < last && (next < cases.length || waiting.length > 0); now += 1_000) {
    for (let one = cases[next]; one !== undefined && one.arrives <= now; one = cases[++next]) insert(waiting, one);
    busyUntil = busyUntil.filter((until) => until > now);
    while (busyUntil.length < people(now)) {
      const one = waiting.shift();
      if (one === undefined) break;
      one.startedAt = now;
      one.decidedAt = now + handling(meanHandlingMs, random);
      busyUntil.push(one.decidedAt);
    }
  }
}

function insert(waiting: SimulatedCase[], one: SimulatedCase): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((waiting[middle]?.due ?? 0) <= one.due) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, one);
}

function handling(mean: number, random: () => number): number {
  const sigma = Math.sqrt(Math.log(1.25));
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1_000, mean * Math.exp(sigma * normal - (sigma * sigma) / 2));
}

/** As many as worked in the same hour of the day before; on the first day nobody knows. */
function hoursToCome(now: number, people: Scenario['people']): QueueState['people'] {
  const hour = (Math.floor(now / HOUR) + 1) * HOUR;
  return now < 24 * HOUR ? [] : [0, 1, 2, 3].map((n) => ({ fromMs: hour + n * HOUR - now, count: people(hour + n * HOUR - 24 * HOUR) }));
}

/** At each look the forecast knows what a gateway would: the past and the present. */
function judge(cases: readonly SimulatedCase[], { name, classes, people, meanHandlingMs }: Scenario): Rightness {
  let [looks, wrongAnHourAhead, openAnHourAhead, dueWithin, dueWithinRight, broken, foreseen, falseAlarms] = [0, 0, 0, 0, 0, 0, 0, 0];
  const end = cases.at(-1)?.arrives ?? 0;
  for (let now = 4 * HOUR; now < end; now += LOOK_EVERY_MS) {
    looks += 1;
    const open = cases.filter(({ arrives, decidedAt }) => arrives <= now && decidedAt > now);
    const waiting = open.filter(({ startedAt }) => startedAt > now).sort((a, b) => a.due - b.due);
    const past = cases.filter(({ decidedAt, startedAt }) => decidedAt <= now && startedAt > now - 4 * HOUR);
    const mean = past.length === 0 ? meanHandlingMs : past.reduce((sum, one) => sum + one.decidedAt - one.startedAt, 0) / past.length;
    const recent = cases.filter(({ arrives }) => arrives <= now && arrives > now - 4 * HOUR);
    const state: QueueState = {
      dues: waiting.map(({ due }) => due - now),
      inHand: open.length - waiting.length,
      people: [{ fromMs: 0, count: people(now) }, ...hoursToCome(now, people)],
      handlingMs: mean,
      arrivals: classes.map(({ timeMs }) => ({ timeMs, perMs: recent.filter((one) => one.timeMs === timeMs).length / (4 * HOUR) })),
    };
    const { decidedMs } = forecastQueue(state, AHEAD_MS);
    for (const [index, one] of waiting.entries()) {
      if (one.due <= now) continue;
      const isNear = one.due <= now + AHEAD_MS;
      const isForeseen = isNear && (decidedMs[index] ?? 0) > one.due - now;
      const isBroken = isNear && one.decidedAt > one.due;
      if (!isNear) continue;
      const isHourAhead = one.due > now + AHEAD_MS - LOOK_EVERY_MS;
      if (isHourAhead) openAnHourAhead += 1;
      if (isHourAhead && isForeseen !== isBroken) wrongAnHourAhead += 1;
      dueWithin += 1;
      if (isForeseen === isBroken) dueWithinRight += 1;
      if (isBroken) broken += 1;
      if (isBroken && isForeseen) foreseen += 1;
      if (!isBroken && isForeseen) falseAlarms += 1;
    }
  }
  return {
    scenario: name,
    cases: cases.length,
    looks,
    wrongAnHourAhead,
    openAnHourAhead,
    dueWithin,
    dueWithinRight,
    broken,
    foreseen,
    falseAlarms,
  };
}
