/** Searching the lists of known pictures. */
import { list, value } from './results.ts';
import { atMost, cell, measuredOn, type Target, targetTable } from './tables.ts';

const LIMITS_MS = [5, 25];

export const hashLists = () => `## Known pictures

${measuredOn('hash-search')} ${cell(value('hash-search.sizes.0.queries'))} searches for a perceptual hash within 31 bits, a neighbor planted for most; CPU of one thread, and beside it the clock of a machine that others use.

${targetTable(list('hash-search.sizes').flatMap(rowsOf))}

A list file of ${cell(value('hash-search.load.rows'))} rows is read in ${cell(value('hash-search.load.cpuSeconds'))} s of CPU.
`;

function rowsOf(size: Readonly<Record<string, unknown>>, place: number): Target[] {
  const at = `hash-search.sizes.${place}`;
  const among = `among ${cell(size['count'])}`;
  const limit = LIMITS_MS[place] ?? 0;
  return [
    {
      what: `one hash ${among}, CPU, median`,
      target: `≤ ${limit} ms`,
      measured: value(`${at}.one.cpuMsMedian`),
      unit: ' ms',
      met: atMost(limit),
    },
    { what: `the same by the clock, p95`, target: `≤ ${limit} ms`, measured: value(`${at}.one.p95Ms`), unit: ' ms', met: atMost(limit) },
    { what: `all eight orientations ${among}, CPU, median`, measured: value(`${at}.eightOrientations.cpuMsMedian`), unit: ' ms' },
    { what: `a plain count of bits ${among}, CPU, median`, measured: value(`${at}.plain.cpuMsMedian`), unit: ' ms' },
    {
      what: `answers that differ from what was planted, or from the plain count`,
      target: '0',
      measured: sum(size['wrong'], size['differFromPlain']),
      met: atMost(0),
    },
  ];
}

function sum(a: unknown, b: unknown): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? a + b : undefined;
}
