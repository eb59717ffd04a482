import { type HashAlgorithm, type HashEntry, type Row, readEntry } from './hash-entry.ts';

export type HashListFormat = 'csv' | 'jsonl' | 'txt';

interface ParseOptions {
  readonly format: HashListFormat;
  /** TXT only: what a line is that holds nothing but digits. 32 digits are MD5 anyway; 64 could be PDQ or SHA-256. */
  readonly bareValuesAre?: HashAlgorithm;
}

const COLUMNS = ['algorithm', 'value', 'category', 'severity', 'label'];

/**
 * Reads a line of a list: an entry, what is wrong with it, or null where it says nothing. CSV: `algorithm,value,category?,severity?,label?`, with or
 * without that header, cells may be quoted. JSONL: one object with these members for each line. TXT: `algorithm value` or a bare value for each
 * line. Empty lines and lines that start with `#` say nothing. Never throws.
 */
export function parseHashLine(line: string, { format, bareValuesAre }: ParseOptions): HashEntry | string | null {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#') || (format === 'csv' && isHeader(trimmed))) return null;
  const row = READ[format](trimmed, bareValuesAre);
  return typeof row === 'string' ? row : readEntry(row);
}

const READ: Readonly<Record<HashListFormat, (line: string, bareValuesAre: HashAlgorithm | undefined) => Row | string>> = {
  csv: readCsv,
  jsonl: readJson,
  txt: readTxt,
};

function isHeader(line: string): boolean {
  return /^"?algorithm"?\s*,\s*"?value"?(?:\s*,|$)/i.test(line);
}

function readCsv(line: string): Row | string {
  const cells = line.includes('"') ? splitQuoted(line) : line.split(',').map((cell) => cell.trim());
  if (cells === undefined) return 'a quote is not closed';
  if (cells.length < 2 || cells.length > COLUMNS.length) return `expected 2 to ${COLUMNS.length} columns, found ${cells.length}`;
  const [algorithm, value, category, severity, label] = cells;
  return { algorithm, value, category, severity, label };
}

/** RFC 4180 without line breaks inside cells. */
function splitQuoted(line: string): string[] | undefined {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const cell = /^\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/.exec(rest);
    if (cell === null) return undefined;
    cells.push(cell[1]?.replaceAll('""', '"') ?? cell[2]?.trim() ?? '');
    if (cell[3] === '') return cells;
    rest = rest.slice(cell[0].length);
  }
}

function readJson(line: string): Row | string {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : 'not an object';
  } catch {
    return 'not JSON';
  }
}

function readTxt(line: string, bareValuesAre: HashAlgorithm | undefined): Row | string {
  const [first = '', second, ...more] = line.split(/[\s:]+/);
  if (more.length > 0) return 'expected "algorithm value" or a value';
  if (second !== undefined) return { algorithm: first.toLowerCase(), value: second };
  const algorithm = first.length === 32 ? 'md5' : bareValuesAre;
  return algorithm === undefined ? '64 digits could be PDQ or SHA-256: say which' : { algorithm, value: first };
}
