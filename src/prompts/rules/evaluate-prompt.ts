import type { Signal, TextSpan } from '../../contracts/finding.ts';
import type { Canonical, PartRole, PromptReading } from '../reading/prompt-reading.ts';
import { readPrompt } from '../reading/read-prompt.ts';
import { wordBookFor } from '../reading/word-book-for.ts';
import { type Facts, factsOf, type PromptContext } from './facts.ts';
import type { CompiledRule, PromptRules } from './prompt-rules.ts';
import { countedHits, type Hit, mergeSpans, standingHits } from './standing-hits.ts';
import { PART_NEGATIVE, termsAt } from './term-trie.ts';
import { sequenceOf, type WordSequence } from './word-sequence.ts';

/** Spans reported for one rule; a reviewer needs no more. */
const MAX_SPANS = 32;
const NOWHERE: WordSequence = { ids: [], starts: [], ends: [], pairs: new Map() };

/** What was found for one rule, before it is judged. */
interface Found {
  readonly hits: Hit[];
  readonly patterns: TextSpan[];
  isNegativeMet: boolean;
}

/**
 * What the word rules say about a prompt that was read: one signal for each rule that fires, with the places in the
 * user's own UTF-16 positions. Negative parts count for `negativeOf` only. Time is linear in the length of the prompt.
 * Nothing found means nothing found, not harmless.
 */
export function evaluateReading(rules: PromptRules, reading: PromptReading, context: PromptContext = {}): Signal[] {
  const of = (role: PartRole) => (reading.parts.some((part) => part.role === role) ? sequenceOf(reading, role, rules.vocabulary) : NOWHERE);
  const positive = reading.parts.flatMap(({ role, canonical }) => (role === 'positive' ? [canonical] : []));
  const signals = evaluate(rules, { positive, negative: of('negative'), sequence: of('positive') }, context);
  const technical = of('technical');
  return technical === NOWHERE ? signals : [...signals, ...signalsOfSyntax(rules, technical, signals)];
}

/** The names of networks and the keys of JSON ask for something too; they are judged by themselves, without conditions. */
function signalsOfSyntax(rules: PromptRules, sequence: WordSequence, known: readonly Signal[]): Signal[] {
  const found = new Map<number, Found>();
  collectHits(rules, sequence, found);
  return [...found]
    .sort(([a], [b]) => a - b)
    .flatMap(([rule, evidence]) => {
      const compiled = rules.rules[rule];
      const signal = compiled?.condition === undefined ? signalOf(compiled, evidence) : undefined;
      return signal === undefined || known.some(({ reason }) => reason === signal.reason) ? [] : [signal];
    });
}

/** The same for a text. */
export function evaluatePrompt(rules: PromptRules, text: string, context: PromptContext = {}): Signal[] {
  return evaluateReading(rules, readPrompt(text, wordBookFor(rules.vocabulary)), context);
}

interface Read {
  readonly positive: readonly Canonical[];
  readonly sequence: WordSequence;
  readonly negative: WordSequence;
}

function evaluate(rules: PromptRules, read: Read, context: PromptContext): Signal[] {
  const found = new Map<number, Found>();
  collectHits(rules, read.sequence, found);
  collectNegative(rules, read.negative, found);
  collectPatterns(rules, read.positive, found);
  const fired: (Signal & { readonly rule: number })[] = [];
  for (const [rule, evidence] of [...found].sort(([a], [b]) => a - b)) {
    const compiled = rules.rules[rule];
    const signal = compiled?.condition === undefined ? signalOf(compiled, evidence) : undefined;
    if (signal !== undefined) fired.push({ ...signal, rule });
  }
  if (rules.conditional.length === 0) return fired.map(withoutRule);
  return [...fired.map(withoutRule), ...conditionalSignals(rules, found, fired, read, context)];
}

function collectHits({ terms }: PromptRules, sequence: WordSequence, found: Map<number, Found>): void {
  const { ids, starts, ends, pairs } = sequence;
  for (let from = 0; from < ids.length; from++) {
    if (ids[from] === -1 && !pairs.has(from)) continue;
    termsAt(terms, sequence, from, ({ rule, part }, last) => {
      if (part !== PART_NEGATIVE)
        // Words under an override of direction stand in the order in which they are read, so the last may start first.
        foundFor(found, rule).hits.push({
          start: Math.min(starts[from] ?? 0, starts[last] ?? 0),
          end: Math.max(ends[from] ?? 0, ends[last] ?? 0),
          part,
          first: from,
          last,
        });
    });
  }
}

function collectNegative({ terms }: PromptRules, sequence: WordSequence, found: Map<number, Found>): void {
  for (let from = 0; from < sequence.ids.length; from++) {
    termsAt(terms, sequence, from, ({ rule, part }) => {
      if (part === PART_NEGATIVE) foundFor(found, rule).isNegativeMet = true;
    });
  }
}

function collectPatterns({ patterns }: PromptRules, positive: readonly Canonical[], found: Map<number, Found>): void {
  for (const canonical of positive) {
    for (const { rule, span } of patterns.find(canonical.text)) foundFor(found, rule).patterns.push(originalSpan(canonical, span));
  }
}

/** The places of the words that a place in the canonical text touches. */
function originalSpan({ words }: Canonical, { start, end }: TextSpan): TextSpan {
  let at = 0;
  let first: number | undefined;
  let last = 0;
  for (const { text, span } of words) {
    if (at < end && at + text.length > start) {
      first ??= span.start;
      last = span.end;
    }
    at += text.length + 1;
    if (at >= end) break;
  }
  return { start: first ?? 0, end: last };
}

function foundFor(found: Map<number, Found>, rule: number): Found {
  const earlier = found.get(rule);
  if (earlier !== undefined) return earlier;
  const fresh = { hits: [], patterns: [], isNegativeMet: false };
  found.set(rule, fresh);
  return fresh;
}

function signalOf(rule: CompiledRule | undefined, evidence: Found): Signal | undefined {
  if (rule === undefined || (rule.needsNegative && !evidence.isNegativeMet)) return undefined;
  const counted = countedHits(standingHits(evidence.hits, rule.unlessWithin), rule.allOfGroups, rule.within);
  if (counted.length === 0 && evidence.patterns.length === 0) return undefined;
  // Text under a direction override is read backwards, so hits do not come in the order of their places.
  const places = [...counted, ...evidence.patterns].sort((a, b) => a.start - b.start);
  const kind = counted.length === 0 ? 'pattern' : 'lexicon';
  return { category: rule.category, score: rule.score, reason: `${kind}:${rule.id}`, spans: mergeSpans(places, MAX_SPANS) };
}

/** A rule without words fires on its condition alone. One that could not be answered fires too, and says so. */
function conditionalSignals(
  { rules, conditional }: PromptRules,
  found: ReadonlyMap<number, Found>,
  fired: readonly { readonly rule: number }[],
  read: Read,
  context: PromptContext,
): Signal[] {
  let facts: Facts | undefined;
  return conditional.flatMap((index) => {
    const rule = rules[index];
    const evidence = found.get(index);
    const trigger = rule?.hasTriggers === true && evidence !== undefined ? signalOf(rule, evidence) : undefined;
    if (rule?.condition === undefined || (rule.hasTriggers && trigger === undefined)) return [];
    if (rule.needsNegative && evidence?.isNegativeMet !== true) return [];
    facts ??= factsAbout(
      read,
      fired.flatMap((one) => rules[one.rule] ?? []),
      context,
    );
    const answer = rule.condition(facts);
    if (answer === 'false') return [];
    const reason = answer === 'failed' ? `condition-failed:${rule.id}` : (trigger?.reason ?? `condition:${rule.id}`);
    return [{ category: rule.category, score: rule.score, ...trigger, reason }];
  });
}

function factsAbout({ positive, sequence }: Read, fired: readonly CompiledRule[], context: PromptContext): Facts {
  const tricks = [...new Set(positive.flatMap((canonical) => canonical.tricks.map(({ kind }) => kind)))];
  return factsOf({ fired, tricks, words: sequence.ids.length, text: positive.map(({ text }) => text).join('\n') }, context);
}

function withoutRule({ rule: _, ...signal }: Signal & { readonly rule: number }): Signal {
  return signal;
}
