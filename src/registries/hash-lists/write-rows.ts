import { writeStopNcii, writeThreat } from './exchange-rows.ts';
import type { HashAlgorithm, HashEntry } from './hash-entry.ts';
import type { ListFormat } from './list-format.ts';
import { NCMEC_HEAD, NCMEC_TAIL, writeNcmec } from './ncmec-rows.ts';

interface Form {
  readonly head?: string;
  readonly tail?: string;
  readonly row: (entry: HashEntry) => string;
  /** What the form can hold; left out, everything. */
  readonly only?: HashAlgorithm;
  readonly type: string;
}

const FORMS: Readonly<Record<ListFormat, Form>> = {
  csv: { row: csvRow, type: 'text/csv' },
  jsonl: { row: (entry) => JSON.stringify(entry), type: 'application/x-ndjson' },
  txt: { row: ({ algorithm, value }) => `${algorithm} ${value}`, type: 'text/plain' },
  threatexchange: { row: writeThreat, type: 'application/x-ndjson' },
  stopncii: { row: writeStopNcii, only: 'pdq', type: 'application/x-ndjson' },
  ncmec: { row: writeNcmec, head: NCMEC_HEAD, tail: NCMEC_TAIL, type: 'application/xml' },
};

/** The media type of a list in this form, and the one kind of hash that it can hold, if only one. */
export function formOf(format: ListFormat): Pick<Form, 'only' | 'type'> {
  return FORMS[format];
}

/** A list in one of the forms, page by page. */
export async function* writeRows(pages: AsyncIterable<readonly HashEntry[]>, format: ListFormat): AsyncGenerator<string> {
  const { head = '', tail = '', row } = FORMS[format];
  if (head !== '') yield head;
  for await (const page of pages) yield page.map((entry) => `${row(entry)}\n`).join('');
  if (tail !== '') yield tail;
}

/** Our own form, `algorithm,value,category,severity,label`, each entry in exactly one way: digests of lists are made over these lines. */
export function csvRow({ algorithm, value, category, severity, label = '' }: HashEntry): string {
  if (category === undefined && severity === undefined && label === '') return `${algorithm},${value}`;
  const cells = [algorithm, value, category ?? '', severity ?? '', /[",\s]/.test(label) ? `"${label.replaceAll('"', '""')}"` : label];
  return cells.join(',').replace(/,+$/, '');
}
