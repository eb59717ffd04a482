import type { PartRole } from '../reading/prompt-reading.ts';

/** A stretch of a prompt with one role; `start` and `end` are UTF-16 positions. */
export interface PromptSegment {
  readonly role: PartRole;
  readonly start: number;
  readonly end: number;
  /** For a technical segment: words before and after it are apart. A weight is no such thing, or `(pur:1)ple` would hide. */
  readonly isBreak: boolean;
}

/** A place of a prompt that is not to be shown; places are found in order and do not overlap. */
export type Mark = PromptSegment;

/** Fills the text between marks with positive segments, so that every character lies in exactly one segment. */
export function segmentsAround(marks: readonly Mark[], length: number): PromptSegment[] {
  const segments: PromptSegment[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.end <= at) continue;
    const start = Math.max(mark.start, at);
    if (start > at) segments.push({ role: 'positive', start: at, end: start, isBreak: false });
    segments.push({ ...mark, start });
    at = mark.end;
  }
  if (at < length || segments.length === 0) segments.push({ role: 'positive', start: at, end: length, isBreak: false });
  return segments;
}
