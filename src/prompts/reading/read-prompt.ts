import type { PromptSegment } from '../syntax/prompt-segment.ts';
import { splitSyntax } from '../syntax/split-syntax.ts';
import { canonicalize, canonicalizeSource } from './canonicalize.ts';
import type { PartRole, PromptPart, PromptReading } from './prompt-reading.ts';
import { RecentReadings } from './recent-readings.ts';
import { SourceWriter, sourceOf } from './source-text.ts';
import { standardWordBook, type WordBook } from './word-book.ts';

const recent = new RecentReadings();

const ROLES: readonly PartRole[] = ['positive', 'negative', 'technical'];

/**
 * Takes a prompt apart and reads each part once: what is to be shown (always there), what is not, and the syntax itself,
 * each role in one part. Linear in the length of the prompt; any string will do. `book` holds the words that a disguise
 * may be read as; an operator's own rules add theirs (`createWordBook`). The checks of one request ask for the same reading
 * one after another, so the latest ones are kept for a while: the same text and book give the same object.
 */
export function readPrompt(text: string, book: WordBook = standardWordBook()): PromptReading {
  return recent.get(text, book, readAnew);
}

function readAnew(text: string, book: WordBook): PromptReading {
  const segments = splitSyntax(text);
  if (segments.length === 1 && segments[0]?.role === 'positive')
    return { original: text, parts: [{ role: 'positive', canonical: canonicalize(text, book) }] };
  return { original: text, parts: ROLES.flatMap((role) => readRole(text, segments, role, book)) };
}

function readRole(text: string, segments: readonly PromptSegment[], role: PartRole, book: WordBook): PromptPart[] {
  const writer = new SourceWriter(sourceOf(text));
  let isApart = false;
  for (const segment of segments) {
    if (segment.role !== role) {
      isApart ||= segment.isBreak || segment.role !== 'technical';
      continue;
    }
    if (isApart && segment.start > 0) writer.put(' ', segment.start - 1, segment.start);
    isApart = role === 'technical';
    writer.copy(segment.start, segment.end);
  }
  const canonical = canonicalizeSource(writer.finish(), book);
  return role === 'positive' || canonical.words.length > 0 ? [{ role, canonical }] : [];
}
