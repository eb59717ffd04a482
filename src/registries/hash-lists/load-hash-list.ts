import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import type { HashAlgorithm, HashEntry, RowProblem } from './hash-entry.ts';
import { type HashRegistry, HashRegistryDraft } from './hash-registry.ts';
import type { HashListFormat } from './parse-hash-list.ts';
import { readRows } from './read-rows.ts';

export interface HashListSource {
  readonly path: string;
  /** Lower-case letters, digits and dashes: it appears in reasons and in the ledger. */
  readonly name: string;
  /** `reject` (the default) takes a file whole or not at all. */
  readonly onBadRow?: 'reject' | 'skip';
  readonly bareValuesAre?: HashAlgorithm;
}

/** What a list may be called. */
export const LIST_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Problems that are kept; of more, only the number. */
export const MOST_PROBLEMS = 1000;
const SHOWN = 20;

/** A list file that is not taken, with its bad lines named. */
export class HashListRejected extends Error {
  override readonly name = 'HashListRejected';
  readonly problems: readonly RowProblem[];

  constructor(list: string, problems: readonly RowProblem[], count = problems.length) {
    const shown = problems.slice(0, SHOWN).map(({ line, message }) => `line ${line}: ${message}`);
    super(`hash list "${list}": ${shown.join('; ')}${count > shown.length ? `; and ${count - shown.length} more` : ''}`);
    this.problems = problems;
  }
}

const FORMATS: Readonly<Record<string, HashListFormat>> = { '.csv': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.txt': 'txt' };

/**
 * Reads one list file line by line, whatever its size; its extension says the format. `take` gets each entry as it comes: after a rejection, what it
 * took is worth nothing.
 * @returns how many lines were left out, under `onBadRow: 'skip'`
 * @throws HashListRejected when lines are bad, or the name or extension is; file system errors as they come
 */
export async function loadHashList(options: HashListSource, take: (entry: HashEntry) => void): Promise<{ readonly skipped: number }> {
  const { name, onBadRow = 'reject' } = options;
  const problems: RowProblem[] = [];
  let bad = 0;
  for await (const { line, entry } of entriesOf(options)) {
    if (typeof entry !== 'string') take(entry);
    else if (++bad <= MOST_PROBLEMS) problems.push({ line, message: entry });
  }
  if (bad > 0 && onBadRow === 'reject') throw new HashListRejected(name, problems, bad);
  return { skipped: bad };
}

/** Each entry, or what is wrong with its line. */
async function* entriesOf({ path, name, bareValuesAre }: HashListSource) {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!LIST_NAME.test(name))
    throw new HashListRejected(name, [{ line: 0, message: 'name may have 40 lower-case letters, digits and dashes' }]);
  if (format === undefined) throw new HashListRejected(name, [{ line: 0, message: 'the file must end in .csv, .jsonl, .ndjson or .txt' }]);
  const how = { format, ...(bareValuesAre === undefined ? {} : { bareValuesAre }) };
  for await (const { line, rows } of readRows(createReadStream(path), how))
    for (const entry of rows) if (entry !== null) yield { line, entry };
}

/** All lists of a configuration, one after the other. @throws as `loadHashList` does */
export async function loadHashLists(sources: readonly HashListSource[]): Promise<HashRegistry> {
  const draft = new HashRegistryDraft();
  for (const source of sources) {
    draft.begin(source.name);
    await loadHashList(source, (entry) => draft.add(source.name, entry));
  }
  return draft.finish();
}
