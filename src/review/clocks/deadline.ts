import { type Duration, parseDuration } from './duration.ts';
import { wallTime, zoneOffsetMs } from './zone.ts';

const DAY_MS = 86_400_000;
const OFFSETS_REACH_MS = 2 * DAY_MS;

/**
 * When a period that began at `start` is over. Years, months, weeks and days are counted on the wall clock of `zone` (a day that a month lacks becomes
 * its last one); the period ends at the first instant at which that clock shows the target or later, so an hour that is skipped in spring gives no more
 * time, and one that is shown twice in autumn counts the first time. Hours, minutes and seconds are then added as they pass everywhere.
 *
 * Always at or before what Regulation (EEC, Euratom) 1182/71 would allow, which goes on to the end of the day and past weekends.
 */
export function deadlineAfter(start: Date, duration: Duration | string, zone: string): Date {
  const { months, days, ms } = typeof duration === 'string' ? parseDuration(duration) : duration;
  const calendar = months === 0 && days === 0 ? start.getTime() : firstInstantShowing(addOnTheWall(start, { months, days }, zone), zone);
  return new Date(calendar + ms);
}

/** The target on the wall, written as if the wall's zone were UTC. */
function addOnTheWall(start: Date, { months, days }: { readonly months: number; readonly days: number }, zone: string): number {
  const wall = new Date(wallTime(start.getTime(), zone));
  const month = wall.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(wall.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const timeOfDay = wall.getTime() - Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate());
  return Date.UTC(wall.getUTCFullYear(), month, Math.min(wall.getUTCDate(), lastDay)) + days * DAY_MS + timeOfDay;
}

/** With the offsets in force around the target: the earliest instant that shows it, or the jump that skips it. */
function firstInstantShowing(wall: number, zone: string): number {
  const offsets = [zoneOffsetMs(wall - OFFSETS_REACH_MS, zone), zoneOffsetMs(wall + OFFSETS_REACH_MS, zone)];
  const shown = offsets.map((offset) => wall - offset).filter((instant) => wallTime(instant, zone) === wall);
  return shown.length > 0 ? Math.min(...shown) : jumpOver(wall, offsets, zone);
}

/** The skipped target lies between two instants one of which shows less and one more; the jump is found by halving. */
function jumpOver(wall: number, offsets: readonly number[], zone: string): number {
  let before = Math.min(...offsets.map((offset) => wall - offset)) - DAY_MS / 4;
  let after = Math.max(...offsets.map((offset) => wall - offset)) + DAY_MS / 4;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallTime(middle, zone) >= wall) after = middle;
    else before = middle;
  }
  return after;
}
