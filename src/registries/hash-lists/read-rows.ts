import { type ReadRow, type RowsAtLine, readStopNcii, readThreats } from './exchange-rows.ts';
import type { HashAlgorithm } from './hash-entry.ts';
import { linesOf } from './lines.ts';
import type { ListFormat } from './list-format.ts';
import { readNcmec } from './ncmec-rows.ts';
import { parseHashLine } from './parse-hash-list.ts';

export interface ReadOptions {
  readonly format: ListFormat;
  readonly bareValuesAre?: HashAlgorithm;
}

/** The rows of a list file of any length, one after another, in bounded memory. Bad rows are values; only the stream itself can throw. */
export async function* readRows(chunks: AsyncIterable<Uint8Array>, { format, bareValuesAre }: ReadOptions): AsyncGenerator<RowsAtLine> {
  if (format === 'ncmec') {
    yield* readNcmec(chunks);
    return;
  }
  let line = 0;
  for await (const text of linesOf(chunks)) {
    line += 1;
    yield { line, rows: text === null ? ['the line is too long'] : rowsIn(text, format, bareValuesAre) };
  }
}

function rowsIn(text: string, format: Exclude<ListFormat, 'ncmec'>, bareValuesAre: HashAlgorithm | undefined): readonly ReadRow[] {
  if (format === 'threatexchange') return readThreats(text);
  if (format === 'stopncii') return readStopNcii(text);
  const row = parseHashLine(text, { format, ...(bareValuesAre === undefined ? {} : { bareValuesAre }) });
  return row === null ? [] : [row];
}
