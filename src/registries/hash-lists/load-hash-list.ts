import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { HashAlgorithm, HashEntry, RowProblem } from './hash-entry.ts';
import { type HashListFormat, parseHashList } from './parse-hash-list.ts';

/** A list of hashes of known content, as its owner calls it. */
export interface HashList {
  readonly name: string;
  readonly entries: readonly HashEntry[];
  /** Lines left out under `onBadRow: 'skip'`. */
  readonly skipped: readonly RowProblem[];
}

interface LoadOptions {
  readonly path: string;
  /** Lower-case letters, digits and dashes: it appears in reasons and in the ledger. */
  readonly name: string;
  /** `reject` (the default) takes a file whole or not at all. */
  readonly onBadRow?: 'reject' | 'skip';
  readonly bareValuesAre?: HashAlgorithm;
}

/** A list file that is not taken, with every bad line named. */
export class HashListRejected extends Error {
  override readonly name = 'HashListRejected';
  readonly problems: readonly RowProblem[];

  constructor(list: string, problems: readonly RowProblem[]) {
    const shown = problems.slice(0, 20).map(({ line, message }) => `line ${line}: ${message}`);
    super(
      `hash list "${list}": ${shown.join('; ')}${problems.length > shown.length ? `; and ${problems.length - shown.length} more` : ''}`,
    );
    this.problems = problems;
  }
}

const FORMATS: Readonly<Record<string, HashListFormat>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.txt': 'txt' };

/**
 * Reads one list file; its extension says the format.
 * @throws HashListRejected when lines are bad, or the name or extension is; file system errors as they come
 */
export async function loadHashList({ path, name, onBadRow = 'reject', bareValuesAre }: LoadOptions): Promise<HashList> {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name))
    throw new HashListRejected(name, [{ line: 0, message: 'name may have 40 lower-case letters, digits and dashes' }]);
  if (format === undefined) throw new HashListRejected(name, [{ line: 0, message: 'the file must end in .csv, .jsonl, .ndjson or .txt' }]);
  const text = await readFile(path, 'utf8');
  const { entries, problems } = parseHashList(text, { format, ...(bareValuesAre === undefined ? {} : { bareValuesAre }) });
  if (problems.length > 0 && onBadRow === 'reject') throw new HashListRejected(name, problems);
  return { name, entries, skipped: problems };
}
