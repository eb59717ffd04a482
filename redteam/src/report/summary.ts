import { join } from 'node:path';
import type { RunReport } from '../run-report.ts';
import { counted, VERDICT_WORDS } from './words.ts';

/** The last lines on the terminal. */
export function summary(report: RunReport, out: string): string {
  const fresh = report.failures.filter(({ known }) => known === undefined);
  const byVerdict = Object.entries(VERDICT_WORDS)
    .map(([verdict, words]) => ({ words, count: fresh.filter(({ result }) => result.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ words, count }) => `${count} ${words}`);
  const differing = (report.surfaces ?? []).filter(({ outcome }) => outcome === 'differs').length;
  const lines = [
    `${counted(report.results.length, 'attack')}: ${byVerdict.length === 0 ? 'nothing new to look at' : byVerdict.join(', ')}`,
    `${report.failures.length - fresh.length} known, ${counted(report.errors.length, 'error')}`,
    report.surfaces === null
      ? 'Surfaces were not compared: give --operator-key'
      : `${counted(report.surfaces.length, 'request')} on every surface, ${differing} answered differently`,
    ...(report.failures.some(({ result }) => result.verdict === 'unproven')
      ? ['Unproven: a clean seed was not answered as expected. Is redteam/policies/marker-rules.yaml planted?']
      : []),
    join(out, 'report.html'),
  ];
  return `\n${lines.join('\n')}\n`;
}
