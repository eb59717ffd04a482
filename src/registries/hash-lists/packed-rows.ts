import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { type HashAlgorithm, type HashEntry, readEntry } from './hash-entry.ts';

/** Rows of a page: to store or unpack one takes a few milliseconds, so that others can work in between. */
export const PAGE_ROWS = 512;

/** Rows of a list as they are stored: of each its note's number (two bytes) and its hash; what they say, once a page. */
export interface PackedPage {
  readonly notes: readonly Note[];
  readonly rows: Uint8Array;
}

const noteSchema = z.strictObject({
  algorithm: z.enum(['pdq', 'sha256', 'md5']),
  category: z.enum(CATEGORIES).optional(),
  severity: z.string().optional(),
  label: z.string().optional(),
});
type Note = z.output<typeof noteSchema>;

const notesSchema = z.array(noteSchema).max(PAGE_ROWS).readonly();
const BYTES: Readonly<Record<HashAlgorithm, number>> = { pdq: 32, sha256: 32, md5: 16 };
const NUMBER_BYTES = 2;

/** @param entries at most `PAGE_ROWS` */
export function packRows(entries: readonly HashEntry[]): PackedPage {
  const notes: Note[] = [];
  const numbers = new Map<string, number>();
  const rows = Buffer.allocUnsafe(entries.reduce((sum, { algorithm }) => sum + NUMBER_BYTES + BYTES[algorithm], 0));
  let at = 0;
  for (const { algorithm, value, category, severity, label } of entries) {
    const key = `${algorithm} ${category ?? ''} ${severity ?? ''} ${label ?? ''}`;
    const number = numbers.get(key) ?? notes.push({ algorithm, category, severity, label }) - 1;
    numbers.set(key, number);
    at = rows.writeUInt16BE(number, at);
    at += rows.write(value, at, 'hex');
  }
  return { notes, rows };
}

/** The rows of a page that was stored; its notes are checked as if they had come from outside. @throws Error when the page is not one */
export function unpackRows(storedNotes: unknown, rows: Uint8Array): HashEntry[] {
  const notes = notesSchema.parse(storedNotes).map(checkedNote);
  const bytes = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
  const entries: HashEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const note = at + NUMBER_BYTES <= bytes.length ? notes[bytes.readUInt16BE(at)] : undefined;
    const end = note === undefined ? Number.POSITIVE_INFINITY : at + NUMBER_BYTES + BYTES[note.algorithm];
    if (note === undefined || end > bytes.length) throw new RangeError('a page of a hash list is damaged');
    const { algorithm, category, severity, label } = note;
    entries.push({ algorithm, value: bytes.toString('hex', at + NUMBER_BYTES, end), category, severity, label });
    at = end;
  }
  return entries;
}

function checkedNote(note: Note): HashEntry {
  const entry = readEntry({ ...note, value: '0'.repeat(2 * BYTES[note.algorithm]) });
  if (typeof entry === 'string') throw new RangeError('a page of a hash list is damaged');
  return entry;
}
