import type { OutboundFailed, StreamPart } from '../../outbound/outcome.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** One server-sent event. `data` stays bytes: it can be a picture of megabytes. */
export interface SseEvent {
  readonly kind: 'event';
  readonly name: string;
  readonly data: Buffer;
}

/**
 * Server-sent events (HTML standard §9.2) with lines ending in LF or CRLF, from chunks cut anywhere. A failure of the
 * connection comes last, as it is. An event that the end of the stream cuts short is handed out too: its JSON shows
 * whether it is whole.
 */
export async function* readSse(parts: AsyncIterable<StreamPart>): AsyncGenerator<SseEvent | OutboundFailed> {
  const decoder = new SseDecoder();
  for await (const part of parts) {
    if (part.kind === 'failed') {
      yield part;
      return;
    }
    yield* decoder.push(part.bytes);
  }
  yield* decoder.end();
}

class SseDecoder {
  /** Pieces of the line that has not ended; joined once, so that long lines cost linear time. */
  private pieces: Buffer[] = [];
  private name = '';
  private data: Buffer[] = [];

  *push(bytes: Buffer): Generator<SseEvent> {
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      yield* this.line(bytes.subarray(from, end));
      from = end + 1;
    }
    if (from < bytes.byteLength) this.pieces.push(bytes.subarray(from));
  }

  *end(): Generator<SseEvent> {
    if (this.pieces.length > 0) yield* this.line(Buffer.alloc(0));
    yield* this.line(Buffer.alloc(0));
  }

  private *line(last: Buffer): Generator<SseEvent> {
    const joined = this.pieces.length === 0 ? last : Buffer.concat([...this.pieces, last]);
    this.pieces = [];
    const line = joined.at(-1) === CARRIAGE_RETURN ? joined.subarray(0, -1) : joined;
    if (line.byteLength > 0) {
      this.field(line);
      return;
    }
    if (this.data.length > 0) yield { kind: 'event', name: this.name, data: Buffer.concat(this.data) };
    this.name = '';
    this.data = [];
  }

  private field(line: Buffer): void {
    const value = (name: string) => line.subarray(line[name.length] === 0x20 ? name.length + 1 : name.length);
    if (line.indexOf('data:') === 0) {
      if (this.data.length > 0) this.data.push(Buffer.from('\n'));
      this.data.push(value('data:'));
    } else if (line.indexOf('event:') === 0) {
      this.name = value('event:').toString('utf8');
    }
  }
}
