import type { SeenMark } from '../../watermark/seen-mark.ts';
import type { JobOutcome } from '../../workers/worker-pool.ts';
import { describeMark, type FileMark } from './describe-mark.ts';
import type { RecognizedMark, RecognizeMark } from './recognize-mark.ts';
import type { RecordedMark } from './recorded-mark.ts';

/** Our own mark in a file, as an answer shows it. */
export interface MarkInFile {
  /** `unmarked`: by our record this picture left without one; nobody looked at its pixels. */
  readonly state: 'found' | 'absent' | 'unmarked' | 'unreadable';
  /** Null unless it was found. */
  readonly mark: FileMark | null;
  /** Nobody could look, or tell whether the file shows what the mark was made for. Too small for a mark is an answer. */
  readonly isUnsure: boolean;
}

interface KnownOfMark {
  /** Null for pixels that did not leave here, or not as they are. */
  readonly recorded: RecordedMark | null;
  /** Null: nobody has looked yet. */
  readonly seen: SeenMark | null;
}

/** What the record says where it can, else what the pixels say. */
export async function markInFile(bytes: Uint8Array, { recorded, seen }: KnownOfMark, recognizeMark: RecognizeMark): Promise<MarkInFile> {
  if (recorded !== null) return { ...recorded, isUnsure: false };
  const mark = await recognizeMark(bytes, seen ?? undefined);
  return { state: mark.kind, mark: mark.kind === 'found' ? describeMark(mark) : null, isUnsure: isUnsure(mark) };
}

function isUnsure(mark: RecognizedMark): boolean {
  if (mark.kind === 'unreadable') return LOST.has(mark.reason);
  return mark.kind === 'found' && mark.of === 'artifact' && mark.picture === 'unsure';
}

/** The work on the pixels was lost, which says nothing about them. */
const LOST: ReadonlySet<string> = new Set<JobOutcome<never>['kind']>(['threw', 'timed_out', 'crashed']);
