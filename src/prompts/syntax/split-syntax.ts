import type { PartRole } from '../reading/prompt-reading.ts';
import { jsonSegments } from './json-segments.ts';
import { type Mark, type PromptSegment, segmentsAround } from './prompt-segment.ts';

/** Anything that a mark begins with. */
const MAYBE_SYNTAX = /[<:{[|]|--|—|BREAK|[Nn][Ee][Gg][Aa][Tt][Ii][Vv][Ee]/;

/** Weights `(word:1.5)`, `[word:2]`, `word::2`. No weight has two digits before the point: `(age:12)` stays what it says. */
const WEIGHT = /::-?\d?(?:\.\d+)?(?![\w.])|:\s?-?\d?(?:\.\d+)?(?=\s?[)\]])/g;
/** Tags that load a network by its name: `<lora:name:0.8>`. */
const NETWORK = /<(?:lora|lyco|locon|hypernet|embedding|ti|model|wildcard)s?:[^<>\n]{1,300}>/gi;
/** Tags of HTML that change how text looks: nobody sees them, so a word goes on behind one. An unknown tag may be the word itself. */
const INLINE_TAG =
  /<\/?(?:a|abbr|b|big|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]{0,200})?\/?>|<!--[^<>]{0,200}-->/gi;
const BLOCK_TAG = /<\/?(?:br|center|div|h[1-6]|hr|li|ol|p|pre|td|tr|ul)(?:\s[^<>]{0,200})?\/?>/gi;
/** Starts a new block of tokens in some tools; shouted text is no syntax. */
const TOKEN_BREAK = /(?<=^|\s)BREAK(?=\s|$)/g;
/** How many of the alternatives a wildcard takes: `{2$$a|b}`. */
const PICK = /(?<=\{)\d+(?:-\d+)?\$\$/g;
/** What opens and closes the alternatives of `[a|b]` and `{a|b}`, and what stands between them. */
const ALTERNATIVE = /[[{|}\]]/g;
/** A line of settings as image tools write it below a prompt. */
const SETTINGS = /^Steps: \d+,[^\n]*$/gm;
const NEGATIVE = /(?<![\p{L}\p{N}])negative[ _-]?prompts?\s*[:=]/giu;
/** What ends a negative prompt. */
const AFTER_NEGATIVE = /(?<![\p{L}\p{N}])(?<!negative[ _-]?)(?:positive[ _-]?)?prompts?\s*[:=]|^Steps: \d+,|(?:--|—)[a-z]/gimu;
/**
 * `--name` with a value that can be nothing but a setting; any other value, and any other name, is text to be looked at
 * like the rest. `--no` begins a negative prompt.
 */
const PARAMETER =
  /(?<=^|\s)(?:--|—)(no|ar|aspect|v|version|s|stylize|style|q|quality|seed|c|chaos|w|weird|iw|cw|sw|sv|sref|cref|oref|ow|p|profile|stop|tile|niji|raw|hd|fast|relax|turbo|draft|video|test|testp|creative|upbeta|steps|cfg|sampler|width|height|r|repeat|exp|motion|loop)(?![\w-])(?:[ =](?:[\d.:x/%,-]+|https?:\S+|true|false|raw|random|original|auto)(?=\s|$))?/gi;
const NO = /^no$/i;

/**
 * Takes the syntax of image tools out of a prompt: negative prompts (`--no`, `Negative prompt:`, JSON keys), weights,
 * alternatives, tags, parameters. Every character lies in exactly one segment, in order. Linear. Only what is surely
 * syntax is taken out, because a tool that does not know it shows it as words.
 */
export function splitSyntax(text: string): PromptSegment[] {
  if (!MAYBE_SYNTAX.test(text)) return segmentsAround([], text.length);
  return jsonSegments(text) ?? segmentsAround(marksIn(text), text.length);
}

function marksIn(text: string): Mark[] {
  const marks = [
    ...found(text, NETWORK, false),
    ...found(text, INLINE_TAG, false),
    ...found(text, BLOCK_TAG, true),
    ...(/[a-z]/.test(text) ? found(text, TOKEN_BREAK, true) : []),
    ...found(text, WEIGHT, false),
    ...found(text, PICK, true),
    ...alternativesIn(text),
    ...found(text, SETTINGS, true),
    ...parametersIn(text),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
  return withNegatives(text, withoutOverlaps(marks));
}

function found(text: string, pattern: RegExp, isBreak: boolean): Mark[] {
  return Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({
    role: 'technical',
    start: index,
    end: index + length,
    isBreak,
  }));
}

/** Bars inside brackets; any other bar may stand for a letter. */
function alternativesIn(text: string): Mark[] {
  let depth = 0;
  return Array.from(text.matchAll(ALTERNATIVE)).flatMap(({ index, 0: sign }): Mark[] => {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign !== '|') depth = Math.max(0, depth - 1);
    else if (depth > 0) return [{ role: 'technical', start: index, end: index + 1, isBreak: true }];
    return [];
  });
}

function parametersIn(text: string): Mark[] {
  return Array.from(text.matchAll(PARAMETER), ({ index, 0: whole }) => ({
    role: 'technical',
    start: index,
    end: index + whole.length,
    isBreak: true,
  }));
}

function withoutOverlaps(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = [];
  for (const mark of marks) if (mark.start >= (kept.at(-1)?.end ?? 0)) kept.push(mark);
  return kept;
}

/** A stretch of text from what announces a negative prompt to what ends it. */
interface Stretch {
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Cuts the negative stretches out of what lies between the marks; marks inside a stretch stay technical. */
function withNegatives(text: string, marks: readonly Mark[]): Mark[] {
  const stretches = negativesIn(text);
  if (stretches.length === 0) return [...marks];
  const result: Mark[] = [];
  let next = 0;
  const takeUntil = (end: number, role: PartRole | undefined, from: number) => {
    let at = from;
    for (let mark = marks[next]; mark !== undefined && mark.start < end; mark = marks[next]) {
      if (role !== undefined && mark.start > at) result.push({ role, start: at, end: mark.start, isBreak: true });
      if (mark.end > from) result.push(mark);
      at = Math.max(at, mark.end);
      next += 1;
    }
    if (role !== undefined && end > at) result.push({ role, start: at, end, isBreak: true });
  };
  for (const { start, from, to } of stretches) {
    takeUntil(start, undefined, 0);
    result.push({ role: 'technical', start, end: from, isBreak: true });
    takeUntil(to, 'negative', from);
  }
  takeUntil(text.length, undefined, 0);
  return result;
}

function negativesIn(text: string): Stretch[] {
  const starts = [
    ...Array.from(text.matchAll(NEGATIVE), ({ index, 0: { length } }) => ({ start: index, from: index + length })),
    ...Array.from(text.matchAll(PARAMETER)).flatMap(({ index, 0: { length }, 1: name = '' }) =>
      NO.test(name) ? [{ start: index, from: index + length }] : [],
    ),
  ].sort((a, b) => a.start - b.start);
  const ends = Array.from(text.matchAll(AFTER_NEGATIVE), ({ index }) => index);
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { start, from } of starts) {
    if (start < (stretches.at(-1)?.to ?? 0)) continue;
    while (end < ends.length && (ends[end] ?? 0) < from) end += 1;
    stretches.push({ start, from, to: ends[end] ?? text.length });
  }
  return stretches;
}
