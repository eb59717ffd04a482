import type { Span } from '../api/dossier.ts';

interface Piece {
  readonly text: string;
  readonly at: number;
  readonly span: Span | null;
}

/** A text cut where a span begins or ends. Of spans that overlap the one that begins first keeps the common part. */
export function piecesOf(text: string, spans: readonly Span[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const inside = spans.filter(({ start, end }) => Number.isInteger(start) && Number.isInteger(end) && start < end);
  for (const span of [...inside].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const [start, end] = [Math.max(at, span.start), Math.min(text.length, span.end)];
    if (start >= end) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), at, span: null });
    pieces.push({ text: text.slice(start, end), at: start, span });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), at, span: null });
  return pieces;
}
