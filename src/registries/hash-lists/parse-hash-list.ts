import { type HashAlgorithm, type HashEntry, hashEntrySchema, type RowProblem } from './hash-entry.ts';

export type HashListFormat = 'csv' | 'jsonl' | 'txt';

interface ParseOptions {
  readonly format: HashListFormat;
  /** TXT only: what a line is that holds nothing but digits. 32 digits are MD5 anyway; 64 could be PDQ or SHA-256. */
  readonly bareValuesAre?: HashAlgorithm;
}

export interface ParsedHashList {
  readonly entries: readonly HashEntry[];
  readonly problems: readonly RowProblem[];
}

const COLUMNS = ['algorithm', 'value', 'category', 'severity', 'label'];

/**
 * Reads a list. CSV: `algorithm,value,category?,severity?,label?`, with or without that header, cells may be quoted.
 * JSONL: one object with these members for each line. TXT: `algorithm value` or a bare value for each line. Empty lines
 * and lines that start with `#` are skipped. Never throws: every bad line is a problem with its number.
 */
export function parseHashList(text: string, { format, bareValuesAre }: ParseOptions): ParsedHashList {
  const entries: HashEntry[] = [];
  const problems: RowProblem[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || (format === 'csv' && isHeader(trimmed))) continue;
    const row = READ[format](trimmed, bareValuesAre);
    const parsed = 'problem' in row ? undefined : hashEntrySchema.safeParse(row.value);
    if (parsed?.success) entries.push(parsed.data);
    else problems.push({ line: index + 1, message: 'problem' in row ? row.problem : (parsed?.error.issues[0]?.message ?? 'not readable') });
  }
  return { entries, problems };
}

type Row = { readonly value: unknown } | { readonly problem: string };

const READ: Readonly<Record<HashListFormat, (line: string, bareValuesAre: HashAlgorithm | undefined) => Row>> = {
  csv: readCsv,
  jsonl: readJson,
  txt: readTxt,
};

function isHeader(line: string): boolean {
  return /^"?algorithm"?\s*,\s*"?value"?(?:\s*,|$)/i.test(line);
}

function readCsv(line: string): Row {
  const cells = splitCsv(line);
  if (cells === undefined) return { problem: 'a quote is not closed' };
  if (cells.length < 2 || cells.length > COLUMNS.length)
    return { problem: `expected 2 to ${COLUMNS.length} columns, found ${cells.length}` };
  return { value: Object.fromEntries(cells.map((cell, column) => [COLUMNS[column] ?? '', cell])) };
}

/** RFC 4180 without line breaks inside cells. */
function splitCsv(line: string): string[] | undefined {
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

function readJson(line: string): Row {
  try {
    return { value: JSON.parse(line) };
  } catch {
    return { problem: 'not JSON' };
  }
}

function readTxt(line: string, bareValuesAre: HashAlgorithm | undefined): Row {
  const [first = '', second, ...more] = line.split(/[\s:]+/);
  if (more.length > 0) return { problem: 'expected "algorithm value" or a value' };
  if (second !== undefined) return { value: { algorithm: first.toLowerCase(), value: second } };
  const algorithm = first.length === 32 ? 'md5' : bareValuesAre;
  return algorithm === undefined ? { problem: '64 digits could be PDQ or SHA-256: say which' } : { value: { algorithm, value: first } };
}
