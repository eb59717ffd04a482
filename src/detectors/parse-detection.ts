import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { CheckInput, Detection } from '../contracts/check.ts';
import type { Signal, TextSpan } from '../contracts/finding.ts';
import { remembered } from '../prompts/remembered.ts';

/** A code, not prose: long enough for `metadata:lexicon:some-rule`, too narrow to repeat a sentence of the user. */
const REASON = /^[\w.:/@+-]{1,128}$/;
const MOST = 1_024;
const KNOWN: ReadonlySet<unknown> = new Set(CATEGORIES);

type Parsed = { readonly ok: true; readonly detection: Detection } | { readonly ok: false; readonly problem: string };

/**
 * Takes a check's answer for what it claims only when every part of it holds: known shape, scores from 0 to 1,
 * categories that the check declared, spans inside the prompt. `problem` holds paths and codes, never values.
 * Written out by hand: a schema library takes longer for this than the checks of a prompt take to look.
 */
export function parseDetection(answer: unknown, declared: readonly Category[], input: CheckInput): Parsed {
  try {
    const parsed = detectionIn(answer, declared, input.prompt.length);
    return typeof parsed === 'string' ? { ok: false, problem: parsed } : { ok: true, detection: parsed };
  } catch {
    // An answer may be an object whose getters throw.
    return { ok: false, problem: 'unreadable object' };
  }
}

/** A detection made of what was read, each member once; or what is wrong with it. */
function detectionIn(answer: unknown, declared: readonly Category[], promptLength: number): Detection | string {
  if (!isRecord(answer)) return '(root):invalid_type';
  const { kind, reason, signals } = answer;
  if (kind === 'abstained') return isReason(reason) ? { kind, reason } : 'reason:invalid_format';
  if (kind !== 'signals') return 'kind:invalid_union';
  if (!Array.isArray(signals) || signals.length > MOST) return 'signals:invalid_type';
  const found: Signal[] = [];
  for (let at = 0; at < signals.length; at++) {
    const signal = signalIn(signals[at], declared, promptLength);
    if (typeof signal === 'string') return `signals.${at}${signal}`;
    found.push(signal);
  }
  return { kind, signals: found };
}

function signalIn(given: unknown, declared: readonly Category[], promptLength: number): Signal | string {
  if (!isRecord(given)) return ':invalid_type';
  const { category, score, reason, spans } = given;
  if (!isCategory(category)) return '.category:invalid_value';
  if (!declared.includes(category)) return '.category:undeclared';
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return '.score:invalid_value';
  if (!isReason(reason)) return '.reason:invalid_format';
  if (spans === undefined) return { category, score, reason };
  const places = spansIn(spans, promptLength);
  return places === undefined ? '.spans:invalid_value' : { category, score, reason, spans: places };
}

function spansIn(given: unknown, promptLength: number): TextSpan[] | undefined {
  if (!Array.isArray(given) || given.length > MOST) return undefined;
  const spans: TextSpan[] = [];
  for (let at = 0; at < given.length; at++) {
    const span: unknown = given[at];
    if (!isRecord(span)) return undefined;
    const { start, end } = span;
    if (!isPlace(start) || !isPlace(end) || start >= end || end > promptLength) return undefined;
    spans.push({ start, end });
  }
  return spans;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const isPlace = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isReason = (value: unknown): value is string => typeof value === 'string' && isCode(value);
/** Checks have the same few to say of most prompts. */
const isCode = remembered((text) => REASON.test(text));
const isCategory = (value: unknown): value is Category => KNOWN.has(value);
