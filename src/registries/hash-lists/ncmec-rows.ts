import type { ReadRow, RowsAtLine } from './exchange-rows.ts';
import { type HashEntry, readEntry } from './hash-entry.ts';
import { type XmlEvent, xmlEvents } from './xml-events.ts';

/** What NCMEC's hash sharing gives out (version 2); other fingerprints (SHA-1, PhotoDNA) cannot be compared here. */
const FINGERPRINTS = ['md5', 'sha256', 'pdq'] as const;
const KEPT: ReadonlySet<string> = new Set([...FINGERPRINTS, 'classification']);
const RECORDS: ReadonlySet<string> = new Set(['image', 'video', 'deletedImage', 'deletedVideo']);

/** The pictures of an answer of NCMEC's hash sharing: an entry for each fingerprint that we can compare, `severity` being the classification. */
export async function* readNcmec(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RowsAtLine> {
  const reader = new RecordReader();
  for await (const event of xmlEvents(chunks)) {
    if (event.kind === 'problem') yield { line: event.line, rows: [event.message], isCut: true };
    else {
      const rows = reader.see(event);
      if (rows !== undefined) yield { line: reader.line, rows };
    }
  }
  if (reader.isInside) yield { line: reader.line, rows: ['the file ends inside a record'], isCut: true };
}

class RecordReader {
  /** Where the last record began. */
  line = 0;
  #tag: string | undefined;
  #text = '';
  readonly #fields = new Map<string, string>();

  get isInside(): boolean {
    return this.#tag !== undefined;
  }

  /** The rows of a record that ends here. */
  see(event: Exclude<XmlEvent, { kind: 'problem' }>): readonly ReadRow[] | undefined {
    // A text may come in parts: around a comment, or as CDATA.
    const text = event.kind === 'text' ? this.#text + event.text : '';
    const said = this.#text.trim();
    this.#text = text;
    if (event.kind === 'start') this.#start(event.name, event.line);
    return event.kind === 'end' && this.#tag !== undefined ? this.#end(event.name, this.#tag, said) : undefined;
  }

  #start(name: string, line: number): void {
    if (!RECORDS.has(name)) return;
    this.#tag = name;
    this.line = line;
    this.#fields.clear();
  }

  #end(name: string, tag: string, text: string): readonly ReadRow[] | undefined {
    if (name !== tag) {
      if (text !== '' && KEPT.has(name)) this.#fields.set(name, text);
      return undefined;
    }
    this.#tag = undefined;
    return tag === 'image' ? rowsOf(this.#fields) : [null];
  }
}

function rowsOf(fields: ReadonlyMap<string, string>): readonly ReadRow[] {
  const severity = fields.get('classification');
  const rows = FINGERPRINTS.flatMap((algorithm) => {
    const value = fields.get(algorithm);
    return value === undefined ? [] : [readEntry({ algorithm, value, severity })];
  });
  return rows.length === 0 ? [null] : rows;
}

const XMLNS = 'https://hashsharing.ncmec.org/hashsharing/v2';

/** The same form. It has no place for a category or a label. */
export const NCMEC_HEAD = `<?xml version="1.0" encoding="UTF-8"?>\n<queryResult xmlns="${XMLNS}">\n<images>\n`;
export const NCMEC_TAIL = '</images>\n</queryResult>\n';

export function writeNcmec({ algorithm, value, severity }: HashEntry): string {
  // A severity has letters, digits, spaces, dots and dashes, so nothing here needs escaping.
  const classification = severity === undefined ? '' : `<classification>${severity}</classification>`;
  return `<image><id>${value}</id>${classification}<fingerprints><${algorithm}>${value}</${algorithm}></fingerprints></image>`;
}
