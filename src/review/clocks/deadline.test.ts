import { describe, expect, it } from 'vitest';
import { SHIPPED_DEADLINES } from '../../policy/deadlines.ts';
import { deadlineByWalking } from './day-by-day.fixture.ts';
import { deadlineAfter } from './deadline.ts';
import { parseDuration } from './duration.ts';
import { obligationsUnder } from './obligations.ts';

const endOf = (start: string, duration: string, zone: string) => deadlineAfter(new Date(start), duration, zone).toISOString();

/** Reproducible numbers from 0 to 1 (mulberry32). */
function numbers(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('the end of a period', () => {
  it.each([
    [
      'hours pass through a change of the clocks as they pass everywhere',
      '2026-03-28T12:00:00Z',
      'PT48H',
      'Europe/Brussels',
      '2026-03-30T12:00:00.000Z',
    ],
    ['days are those of the wall, so this one has 23 hours', '2026-03-28T12:00:00Z', 'P1D', 'Europe/Brussels', '2026-03-29T11:00:00.000Z'],
    ['and this one 25', '2026-10-24T12:00:00Z', 'P1D', 'Europe/Brussels', '2026-10-25T13:00:00.000Z'],
    [
      'a time that is skipped in spring ends when the clocks jump',
      '2026-03-28T01:30:00Z',
      'P1D',
      'Europe/Brussels',
      '2026-03-29T01:00:00.000Z',
    ],
    ['a time that comes twice in autumn ends the first time', '2026-10-24T00:30:00Z', 'P1D', 'Europe/Brussels', '2026-10-25T00:30:00.000Z'],
    ['a month from the last day of January is the last of February', '2026-01-31T12:00:00Z', 'P1M', 'UTC', '2026-02-28T12:00:00.000Z'],
    ['in a leap year too', '2028-01-31T12:00:00Z', 'P1M', 'UTC', '2028-02-29T12:00:00.000Z'],
    ['a year from a leap day is the day before March', '2028-02-29T12:00:00Z', 'P1Y', 'UTC', '2029-02-28T12:00:00.000Z'],
    ['four years later it is a leap day again', '2028-02-29T12:00:00Z', 'P4Y', 'UTC', '2032-02-29T12:00:00.000Z'],
    ['months come before days', '2026-01-30T00:00:00Z', 'P1M1D', 'UTC', '2026-03-01T00:00:00.000Z'],
    ['a zone half an hour off', '2026-05-01T00:00:00Z', 'P7D', 'Asia/Kolkata', '2026-05-08T00:00:00.000Z'],
    ['a change of half an hour', '2026-10-02T15:45:00Z', 'P1D', 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['a day that a zone left out altogether', '2011-12-29T20:00:00Z', 'P1D', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['milliseconds are kept', '2026-01-01T00:00:00.123Z', 'P1M', 'America/New_York', '2026-02-01T00:00:00.123Z'],
  ])('%s', (_name, start, duration, zone, end) => {
    expect(endOf(start, duration, zone)).toBe(end);
  });

  it.each(['', 'P', 'PT', 'P0D', '1h', 'P1.5D', '-P1D', 'PT1H30', 'P1M2Y', 'p1d', 'P99999D'])('is not told by %j', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  it('is the same by another arithmetic, for every obligation, in zones of every kind, around changes of the clocks and leap days', () => {
    const random = numbers(20_261_122);
    const obligations = obligationsUnder(SHIPPED_DEADLINES).map(({ duration, zone }) => ({ duration, zone }));
    const zones = [
      'Europe/Brussels',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
      'Pacific/Apia',
      'UTC',
      'Africa/Casablanca',
    ];
    const others = ['P1Y', 'P6M', 'P1M', 'P10D', 'P1W', 'P180D', 'P1M2DT3H', 'PT1H'];
    // Nights in which clocks change somewhere, leap days and ends of months.
    const nights = ['2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2028-02-29', '2026-01-31', '2026-04-05', '2026-10-04'];
    for (let n = 0; n < 1_000; n++) {
      const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
      const { duration, zone } = n % 2 === 0 ? pick(obligations) : { duration: pick(others), zone: pick(zones) };
      const base = n % 4 < 2 ? Date.parse(pick(nights)) - 1.5 * 86_400_000 : Date.UTC(2024, 0, 1);
      const start = new Date(base + Math.floor(random() * (n % 4 < 2 ? 3 : 2_000) * 86_400_000));
      expect(endOf(start.toISOString(), duration, zone), `${start.toISOString()} ${duration} ${zone}`).toBe(
        deadlineByWalking(start, duration, zone).toISOString(),
      );
    }
  });
});
