import { SaxesParser } from 'saxes';

/** What an XML file says, one thing after another; `line` counts from 1. Names come without their prefix. A problem is the last event. */
export type XmlEvent =
  | { readonly kind: 'start' | 'end'; readonly name: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly message: string; readonly line: number };

/** Between two tags, and in one, there is less than this in a hash list. */
const MOST_CHARS = 65_536;
/** The parser remembers every open element. A hash list has five. */
const MOST_DEPTH = 64;
/** What the parser is given at once, so that no bound is passed by more. */
const PIECE_CHARS = 16_384;

/**
 * Elements and their texts, of a stream of any length, in bounded memory (XML 1.0 with namespaces, UTF-8). Attributes, comments and
 * instructions say nothing. Where the file is not well-formed it ends; a document type is not taken, since it may define entities.
 */
export async function* xmlEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<XmlEvent> {
  const reader = new EventReader();
  const decoded = utf8Decoder();
  for await (const chunk of chunks) {
    const text = decoded(chunk);
    for (let at = 0; at < (text?.length ?? 0); at += PIECE_CHARS) {
      reader.write(text?.slice(at, at + PIECE_CHARS) ?? '');
      yield* reader.taken();
      if (reader.isOver) return;
    }
    if (text === undefined) reader.end('the file is not UTF-8');
    yield* reader.taken();
    if (reader.isOver) return;
  }
  if (decoded() === undefined) reader.end('the file is not UTF-8');
  reader.close();
  yield* reader.taken();
}

class EventReader {
  isOver = false;
  readonly #parser = new SaxesParser({ xmlns: true });
  #events: XmlEvent[] = [];
  #depth = 0;
  /** Characters since the last tag. */
  #silence = 0;

  constructor() {
    this.#parser.on('error', () => this.end('this is not well-formed XML'));
    this.#parser.on('doctype', () => this.end('a document type is not taken'));
    this.#parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
      if (!/^utf-?8$/i.test(encoding)) this.end('the file says that it is not UTF-8');
    });
    this.#parser.on('opentag', ({ local }) => {
      this.#depth += 1;
      if (this.#depth > MOST_DEPTH) this.end('elements stand too deep in each other');
      this.#tell({ kind: 'start', name: local, line: this.#parser.line });
    });
    this.#parser.on('closetag', ({ local }) => {
      this.#depth -= 1;
      this.#tell({ kind: 'end', name: local, line: this.#parser.line });
    });
    for (const kind of ['text', 'cdata'] as const)
      this.#parser.on(kind, (text) => {
        if (!this.isOver) this.#events.push({ kind: 'text', text });
      });
  }

  write(text: string): void {
    this.#silence += text.length;
    this.#parser.write(text);
    if (this.#silence > MOST_CHARS) this.end('a tag or a text is too long');
  }

  /** The end of the file. */
  close(): void {
    if (this.isOver) return;
    this.#parser.on('error', () => this.end('the file ends before its last element does'));
    this.#parser.close();
  }

  end(message: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#events.push({ kind: 'problem', message: `${message}; nothing after this was read`, line: this.#parser.line });
  }

  taken(): readonly XmlEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #tell(event: XmlEvent): void {
    if (this.isOver) return;
    this.#silence = 0;
    this.#events.push(event);
  }
}

/** Undefined for what is not UTF-8; without a chunk, for the end. */
function utf8Decoder(): (chunk?: Uint8Array) => string | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      return undefined;
    }
  };
}
