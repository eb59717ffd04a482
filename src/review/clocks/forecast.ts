/** A queue as it stands now. Times are milliseconds from now. */
export interface QueueState {
  /** Until the first deadline of each waiting case, in the order in which they are taken; negative when it has passed. */
  readonly dues: readonly number[];
  /** Cases that somebody works on. */
  readonly inHand: number;
  /** How often cases arrive that have so long until their first deadline. */
  readonly arrivals: readonly { readonly perMs: number; readonly timeMs: number }[];
  /** How many work on it, from when on; the first from now. The last stay. */
  readonly people: readonly { readonly fromMs: number; readonly count: number }[];
  /** How long one of them takes for a case, on average. */
  readonly handlingMs: number;
}

export interface Forecast {
  /** Waiting cases whose first deadline will be broken within the horizon; those broken before now do not count. */
  readonly breaches: number;
  /** Milliseconds from now; null when none is foreseen. */
  readonly firstBreachMs: number | null;
  /** By case, in the order of `dues`: when it will be decided, milliseconds from now; Infinity when nobody works. */
  readonly decidedMs: readonly number[];
}

/**
 * Who waits is served first deadline first by people who keep their pace; whoever arrives later with an earlier deadline goes before. This is a fluid: it
 * has no luck in it, so a forecast within a case or two of the line can be wrong (see `docs/clocks.md` for how often).
 */
export function forecastQueue(state: QueueState, horizonMs: number): Forecast {
  const { dues, inHand, people, handlingMs } = state;
  const decidedMs: number[] = [];
  let breaches = 0;
  let firstBreachMs: number | null = null;
  // Whoever is free begins at once; the others begin as somebody ends.
  const free = Math.max(0, (people[0]?.count ?? 0) - inHand);
  for (const [index, due] of dues.entries()) {
    const decided = begunAt(Math.max(0, index + 1 - free), due, state) + handlingMs;
    decidedMs.push(decided);
    if (due > 0 && due <= horizonMs && decided > due) {
      breaches += 1;
      firstBreachMs = Math.min(firstBreachMs ?? due, due);
    }
  }
  return { breaches, firstBreachMs, decidedMs };
}

/** The time at which as many have ended as stand before this one and arrive with an earlier deadline until then. */
function begunAt(place: number, due: number, state: QueueState): number {
  const overtaking = state.arrivals.map(({ perMs, timeMs }) => ({ perMs, untilMs: due - timeMs })).filter(({ untilMs }) => untilMs > 0);
  let time = timeToServe(place, state);
  // Each step adds who overtook until then, and so grows to its fixed point.
  for (let step = 0; overtaking.length > 0 && step < 50; step++) {
    const before = overtaking.reduce((sum, { perMs, untilMs }) => sum + perMs * Math.min(untilMs, time), 0);
    const next = timeToServe(place + before, state);
    if (!(next - time >= 1)) return next;
    time = next;
  }
  return time;
}

/** How long the people of each hour need for so many cases. */
function timeToServe(cases: number, { people, handlingMs }: QueueState): number {
  let left = cases * handlingMs;
  for (const [index, { fromMs, count }] of people.entries()) {
    const untilMs = people[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const work = count * (untilMs - fromMs);
    if (count > 0 && work >= left) return fromMs + left / count;
    if (count > 0) left -= work;
  }
  return Number.POSITIVE_INFINITY;
}
