import { decodeBase64, encodeBase64 } from './base64.ts';
import { HASH_BYTES } from './merkle.ts';
import { type NoteSignature, type NoteVerifier, openNote } from './note.ts';

/** A tree head: which log, how many leaves, which root (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The log's name, a URL without scheme. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Lines after the third; signed, and without meaning for us. */
  readonly extensions?: readonly string[];
}

export type OpenedCheckpoint =
  | { readonly kind: 'opened'; readonly checkpoint: Checkpoint; readonly text: string; readonly verified: readonly NoteSignature[] }
  | { readonly kind: 'rejected'; readonly reason: 'malformed' | 'bad_signature' | 'no_known_signature' };

/** `origin\nsize\nroot\n` and any extension lines: the text of the note to sign. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  return [origin, String(size), encodeBase64(root), ...extensions, ''].join('\n');
}

/** A decimal number without leading zeroes, up to 2^53 - 1, or null. */
export function parseSize(text: string): number | null {
  const size = Number(text);
  return /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(size) ? size : null;
}

/** Parses a note's text; null when it is not a checkpoint in exactly the form that `formatCheckpoint` writes. */
export function parseCheckpoint(text: string): Checkpoint | null {
  if (!text.endsWith('\n')) return null;
  const lines = text.slice(0, -1).split('\n');
  const [origin, sizeLine = '', rootLine = '', ...extensions] = lines;
  const size = parseSize(sizeLine);
  const root = decodeBase64(rootLine);
  if (!origin || size === null || root?.length !== HASH_BYTES || lines.includes('')) return null;
  return { origin, size, root, extensions };
}

/** Opens a signed checkpoint: signatures first, then the text. Never throws. */
export function openCheckpoint(note: string | Uint8Array, verifiers: readonly NoteVerifier[]): OpenedCheckpoint {
  const opened = openNote(note, verifiers);
  if (opened.kind === 'rejected') return opened;
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === null) return { kind: 'rejected', reason: 'malformed' };
  return { kind: 'opened', checkpoint, text: opened.text, verified: opened.verified };
}
