import type { Signal, TextSpan } from '../../contracts/finding.ts';
import { type KnownWord, knownWords } from '../reading/known-words.ts';
import type { CompiledRule, PromptRules } from './prompt-rules.ts';
import { PART_ANY, PART_EXCEPTION, termsAt } from './term-trie.ts';

/** Spans reported for one rule; a reviewer needs no more. */
const MAX_SPANS = 32;

interface Hit extends TextSpan {
  readonly part: number;
}

/**
 * What the word rules say about a prompt: one signal for each rule that fires, with the places in the user's own
 * UTF-16 positions. Time is linear in the length of the prompt. Nothing found means nothing found, not harmless.
 */
export function evaluatePrompt({ rules, vocabulary, terms }: PromptRules, text: string): Signal[] {
  const words = knownWords(text, vocabulary);
  const ids = words.map((word) => word.id);
  const hits = new Map<number, Hit[]>();
  for (let from = 0; from < words.length; from++) {
    if (ids[from] === -1) continue;
    termsAt(terms, ids, from, ({ rule, part }, last) => {
      const list = hits.get(rule);
      const hit = toHit(words, from, last, part);
      if (list === undefined) hits.set(rule, [hit]);
      else list.push(hit);
    });
  }
  const fired = [...hits].sort(([a], [b]) => a - b).map(([rule, found]) => judge(rules[rule], found));
  return fired.filter((signal) => signal !== undefined);
}

function toHit(words: readonly KnownWord[], first: number, last: number, part: number): Hit {
  return { start: words[first]?.start ?? 0, end: words[last]?.end ?? 0, part };
}

function judge(rule: CompiledRule | undefined, found: readonly Hit[]): Signal | undefined {
  if (rule === undefined) return undefined;
  const standing = withoutExcepted(found);
  const parts = new Set(standing.map((hit) => hit.part));
  const everyGroup =
    rule.allOfGroups > 0 && Array.from({ length: rule.allOfGroups }, (_, group) => group).every((group) => parts.has(group));
  if (!parts.has(PART_ANY) && !everyGroup) return undefined;
  const counted = everyGroup ? standing : standing.filter((hit) => hit.part === PART_ANY);
  return { category: rule.category, score: rule.score, reason: `lexicon:${rule.id}`, spans: merge(counted) };
}

/** Leaves out the hits that touch an exception. Both lists are in order of their start, so one sweep is enough. */
function withoutExcepted(found: readonly Hit[]): Hit[] {
  const exceptions = merge(
    found.filter((hit) => hit.part === PART_EXCEPTION),
    Number.POSITIVE_INFINITY,
  );
  if (exceptions.length === 0) return [...found];
  let next = 0;
  return found.filter((hit) => {
    if (hit.part === PART_EXCEPTION) return false;
    while ((exceptions[next]?.end ?? Number.POSITIVE_INFINITY) <= hit.start) next += 1;
    const exception = exceptions[next];
    return exception === undefined || exception.start >= hit.end;
  });
}

function merge(hits: readonly TextSpan[], maxSpans: number = MAX_SPANS): TextSpan[] {
  const spans: TextSpan[] = [];
  for (const { start, end } of hits) {
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else if (spans.length < maxSpans) spans.push({ start, end });
  }
  return spans;
}
