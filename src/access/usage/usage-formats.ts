import { createHash } from 'node:crypto';
import { COUNT_NAMES, DIMENSIONS, type UsageLine } from './usage-line.ts';

const TEXTS = ['day', 'for_day', 'kind', ...DIMENSIONS] as const;

/** `correction`: of a day that was closed before. */
export function kindOf({ day, for_day }: Pick<UsageLine, 'day' | 'for_day'>): 'usage' | 'correction' {
  return day === for_day ? 'usage' : 'correction';
}

/** RFC 4180, with a header line. What a spreadsheet would take for a formula stands behind an apostrophe (OWASP, CSV injection); numbers stand as they are. */
export function usageCsv(lines: readonly UsageLine[]): string {
  const rows = lines.map((line) => [
    ...TEXTS.map((name) => textCell(name === 'kind' ? kindOf(line) : line[name])),
    ...COUNT_NAMES.map((name) => String(line.counts[name])),
  ]);
  return [[...TEXTS, ...COUNT_NAMES], ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** CloudEvents 1.0, JSON batch format: one event for each line. The id is made of what the line is about, so a batch sent twice is known again. */
export function usageEvents(lines: readonly UsageLine[], origin: string): readonly Readonly<Record<string, unknown>>[] {
  return lines.map((line) => ({
    specversion: '1.0',
    type: kindOf(line) === 'usage' ? 'imprimatur.usage.v1' : 'imprimatur.usage.correction.v1',
    source: `urn:imprimatur:${encodeURIComponent(origin)}:usage`,
    id: eventId(line),
    subject: `${line.application}/${line.key_id}`,
    // The end of the day that was closed.
    time: new Date(Date.parse(line.day) + 86_400_000).toISOString(),
    datacontenttype: 'application/json',
    data: flatLine(line),
  }));
}

function eventId(line: UsageLine): string {
  const about = JSON.stringify([line.day, line.for_day, ...DIMENSIONS.map((name) => line[name])]);
  return `${line.day}-${createHash('sha256').update(about).digest('hex').slice(0, 32)}`;
}

export function flatLine({ counts, ...line }: UsageLine) {
  return { ...line, kind: kindOf(line), ...counts };
}
