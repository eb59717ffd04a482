import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { linesOf } from '../registries/hash-lists/lines.ts';
import { type Amendment, amendmentSchema, type CurationRecord, recordSchema } from './record.ts';

/** A line of a journal, and where it begins and ends. */
export interface JournalLine {
  readonly value: CurationRecord | Amendment;
  readonly at: number;
  readonly end: number;
}

const headSchema = z.object({ journal: z.literal('imprimatur-curate'), version: z.literal(3), settings: z.string() });
const lineSchema = z.union([recordSchema, amendmentSchema]);
/** A record has the length of a path and some hashes. */
const MOST_RECORD_BYTES = 65_536;

/** One line for each file, in the order of the walk, so that a run that ended goes on where it stopped. */
export class CurationJournal {
  /** Where the first record begins. */
  readonly headEnd: number;
  readonly #path: string;
  readonly #file: FileHandle;
  #end: number;

  private constructor(path: string, file: FileHandle, end: number) {
    this.#path = path;
    this.#file = file;
    this.#end = end;
    this.headEnd = end;
  }

  /** @param settings what decides about files; a journal that was written under others starts anew */
  static async open(path: string, settings: string): Promise<CurationJournal> {
    const file = await open(path, 'a+', 0o600);
    const head = `${JSON.stringify({ journal: 'imprimatur-curate', version: 3, settings })}\n`;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Buffer.byteLength(head)), 0, Buffer.byteLength(head), 0);
    const journal = new CurationJournal(path, file, Buffer.byteLength(head));
    if (!headSchema.safeParse(parsed(head)).success || buffer.toString('utf8', 0, bytesRead) !== head) {
      await file.truncate(0);
      await file.appendFile(head);
    }
    return journal;
  }

  /** Every whole line, from the first on; a line that was torn when a run was killed ends it. */
  async *lines(): AsyncGenerator<JournalLine> {
    const { size } = await this.#file.stat();
    let end = 0;
    for await (const text of linesOf(createReadStream(this.#path))) {
      const at = end;
      end += Buffer.byteLength(text ?? '') + 1;
      if (at === 0) continue;
      const value = lineSchema.safeParse(parsed(text ?? ''));
      // Torn, too, where nothing but the end of the line is missing: the next one would be written behind it.
      if (!value.success || end > size) return;
      yield { value: value.data, at, end };
    }
  }

  /** Forgets everything from here on. */
  async cutAt(end: number): Promise<void> {
    await this.#file.truncate(end);
    this.#end = end;
  }

  /** Where the line begins. It is on disk soon, not at once: what is lost is looked at again. */
  async append(value: CurationRecord | Amendment): Promise<number> {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    const at = this.#end;
    this.#end += line.length;
    await this.#file.appendFile(line);
    return at;
  }

  /** The record that begins there. */
  async recordAt(at: number): Promise<CurationRecord> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(MOST_RECORD_BYTES), 0, MOST_RECORD_BYTES, at);
    const end = buffer.indexOf(10);
    return recordSchema.parse(parsed(buffer.toString('utf8', 0, end === -1 ? bytesRead : end)));
  }

  async close(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
