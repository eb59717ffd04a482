const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall of `zone` shows at an instant, written as if that zone were UTC. Milliseconds since 1970; whole milliseconds are kept. */
export function wallTime(instant: number, zone: string): number {
  return instant + zoneOffsetMs(instant, zone);
}

/** How far the zone is ahead of UTC at an instant. @throws RangeError for a zone that the platform does not know */
export function zoneOffsetMs(instant: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1_000) * 1_000;
}

/** To make one takes 40 µs and more, and there are few zones. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}
