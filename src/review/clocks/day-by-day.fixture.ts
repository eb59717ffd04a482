/**
 * A second opinion on deadlines, by other means: no offsets and no date arithmetic of the platform. Days are stepped one at a time over a table of
 * months, what the wall shows is read from the platform's text, and the instant is found by walking forward until the wall shows it.
 */
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const lengthOf = (year: number, month: number) => (month === 2 && isLeap(year) ? 29 : (MONTHS[month - 1] ?? 0));

function tomorrow({ year, month, day }: Day): Day {
  if (day < lengthOf(year, month)) return { year, month, day: day + 1 };
  return month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
}

/** The same day of the next month, or its last; a month at a time, from the day asked for. */
function monthsLater(from: Day, months: number): Day {
  let { year, month } = from;
  for (let n = 0; n < months; n++) [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return { year, month, day: Math.min(from.day, lengthOf(year, month)) };
}

const walls = new Map<string, Intl.DateTimeFormat>();

/** `2026-03-29 02:30:00.000`, as the wall of the zone shows it; such texts sort as times do. */
function wallText(instant: number, zone: string): string {
  const format = walls.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  walls.set(zone, format);
  return `${format.format(instant)}.${String(((instant % 1_000) + 1_000) % 1_000).padStart(3, '0')}`;
}

/** Walks hour by hour, then minute by minute, second by second and millisecond by millisecond. */
function firstShowing(target: string, zone: string, from: number): number {
  let at = from;
  for (const step of [3_600_000, 60_000, 1_000, 1]) {
    while (wallText(at + step, zone) < target) at += step;
  }
  return at + 1;
}

const PARTS = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export function deadlineByWalking(start: Date, duration: string, zone: string): Date {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = (PARTS.exec(duration) ?? [])
    .slice(1)
    .map((n) => Number(n ?? 0));
  let at = start.getTime();
  if (years + months + weeks + days > 0) {
    const shown = wallText(at, zone);
    const [year = 0, month = 0, day = 0] = shown.slice(0, 10).split('-').map(Number);
    let target = monthsLater({ year, month, day }, years * 12 + months);
    for (let n = 0; n < weeks * 7 + days; n++) target = tomorrow(target);
    const text = [target.year, String(target.month).padStart(2, '0'), String(target.day).padStart(2, '0')].join('-');
    const goal = `${text}${shown.slice(10)}`;
    // No zone is further than 16 hours from UTC; a day of 24 hours more is room for a jump.
    const roughly = Date.UTC(target.year, target.month - 1, target.day) - 40 * 3_600_000;
    at = firstShowing(goal, zone, Math.max(roughly, start.getTime() - 1));
  }
  for (let n = 0; n < hours; n++) at += 3_600_000;
  for (let n = 0; n < minutes; n++) at += 60_000;
  for (let n = 0; n < seconds; n++) at += 1_000;
  return new Date(at);
}
