/** Searching the lists of known pictures. */
import { list, value } from './results.ts';
import { atMost, cell, measuredOn, type Target, table, targetTable } from './tables.ts';

const LIMITS_MS = [5, 25];

export const hashLists = () => `## Known pictures

${measuredOn('hash-search')} ${cell(value('hash-search.sizes.0.queries'))} searches for a perceptual hash within 31 bits, a neighbor planted for most; CPU of one thread, and beside it the clock of a machine that others use.

${targetTable(list('hash-search.sizes').flatMap(rowsOf))}

A list file of ${cell(value('hash-search.load.rows'))} rows is read in ${cell(value('hash-search.load.cpuSeconds'))} s of CPU.

${measuredOn('list-import')} A list of ${cell(value('list-import.rows'))} rows that an operator imports while the gateway runs, embedded database; another process that looks whether something changed takes ${cell(value('list-import.look.cpuSeconds'))} s of CPU.

${targetTable([
  { what: 'to import it and have it in force, CPU', measured: value('list-import.importAndLoad.cpuSeconds'), unit: ' s' },
  {
    what: 'longest wait of everybody else meanwhile, p99',
    target: '≤ 20 ms',
    measured: value('list-import.importAndLoad.lagP99Ms'),
    unit: ' ms',
    met: atMost(20),
  },
  { what: 'to load it, CPU', measured: value('list-import.load.cpuSeconds'), unit: ' s' },
  {
    what: 'longest wait of everybody else meanwhile, p99',
    target: '≤ 20 ms',
    measured: value('list-import.load.lagP99Ms'),
    unit: ' ms',
    met: atMost(20),
  },
])}

${measuredOn('known-copies')} Copies of ${cell(value('known-copies.photographs'))} photographs, each as JPEG at two qualities, that the perceptual hash finds within 31 bits: as they stand, and with borders and captions cut off. The look costs ${cell(value('known-copies.lookCpuMsMedian'))} ms of CPU (median); on ${cell(value('known-copies.trimmedWithoutNeed'))} photographs it found edges to cut that nobody had added, which adds hashes and takes none away.

${table(list('known-copies.copies'), { copy: 'copy', untouched: 'found as it stands', trimmed: 'found with edges cut off', of: 'of' })}
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
