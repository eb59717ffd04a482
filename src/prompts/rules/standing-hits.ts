import type { TextSpan } from '../../contracts/finding.ts';
import { PART_ANY, PART_EXCEPTION, PART_UNLESS } from './term-trie.ts';

/** A term that was found: which part of its rule, which words, and where the user wrote them. */
export interface Hit extends TextSpan {
  readonly part: number;
  /** Indexes of the first and the last word. */
  readonly first: number;
  readonly last: number;
}

/** What is left after exceptions and contexts have taken back theirs; in order of the start. */
export function standingHits(found: readonly Hit[], unlessWithin: number | undefined): readonly Hit[] {
  const beforeContext = withoutExcepted(found);
  if (unlessWithin === undefined) return beforeContext;
  const contexts = beforeContext.filter(({ part }) => part === PART_UNLESS);
  const others = beforeContext.filter(({ part }) => part !== PART_UNLESS);
  if (contexts.length === 0) return others;
  let next = 0;
  return others.filter(({ first, last }) => {
    while ((contexts[next]?.last ?? Number.POSITIVE_INFINITY) < first - unlessWithin) next += 1;
    const context = contexts[next];
    return context === undefined || context.first > last + unlessWithin;
  });
}

/** Leaves out the hits that touch an exception. Both lists are in order of their start, so one sweep is enough. */
function withoutExcepted(found: readonly Hit[]): readonly Hit[] {
  const exceptions = mergeSpans(
    found.filter(({ part }) => part === PART_EXCEPTION),
    Number.POSITIVE_INFINITY,
  );
  if (exceptions.length === 0) return found;
  let next = 0;
  return found.filter((hit) => {
    if (hit.part === PART_EXCEPTION) return false;
    while ((exceptions[next]?.end ?? Number.POSITIVE_INFINITY) <= hit.start) next += 1;
    const exception = exceptions[next];
    return exception === undefined || exception.start >= hit.end;
  });
}

/** The hits that make a rule fire: those of `anyOf`, and all of the groups where every group is met within the window. */
export function countedHits(standing: readonly Hit[], groups: number, within: number | undefined): readonly Hit[] {
  const single = standing.filter(({ part }) => part === PART_ANY);
  if (groups === 0) return single;
  const grouped = standing.filter(({ part }) => part >= 0);
  const met = within === undefined ? (hasEvery(grouped, groups) ? grouped : []) : metWithin(grouped, groups, within);
  if (met.length === 0) return single;
  return single.length === 0 ? met : [...single, ...met].sort((a, b) => a.first - b.first);
}

function hasEvery(hits: readonly Hit[], groups: number): boolean {
  return hits.length >= groups && new Set(hits.map(({ part }) => part)).size === groups;
}

/** The first hits of all groups that lie within so many words. */
function metWithin(hits: readonly Hit[], groups: number, within: number): readonly Hit[] {
  const latest = new Map<number, Hit>();
  for (const hit of hits) {
    latest.set(hit.part, hit);
    if (latest.size < groups) continue;
    const met = [...latest.values()];
    if (hit.first - Math.min(...met.map(({ last }) => last)) <= within) return met;
  }
  return [];
}

/** Overlapping places as one, `maxSpans` at most; the hits are in order of their start. */
export function mergeSpans(hits: readonly TextSpan[], maxSpans: number): TextSpan[] {
  const spans: TextSpan[] = [];
  for (const { start, end } of hits) {
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else if (spans.length < maxSpans) spans.push({ start, end });
  }
  return spans;
}
