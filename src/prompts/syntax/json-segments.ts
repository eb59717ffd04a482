import type { PartRole } from '../reading/prompt-reading.ts';
import type { PromptSegment } from './prompt-segment.ts';

const NEGATIVE_KEY = /negat|^neg$|^no$|avoid|exclude|unwanted|undesired|without/i;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
/** White space written as an escape; all other escapes are undone by the canonicalizer. */
const BLANK_ESCAPE = /\\[bfnrt]/g;

/**
 * The segments of a prompt that is JSON: values that are strings are to be shown, unless a key around them says that
 * they are not; keys, numbers and signs are technical. Undefined when the text is no JSON object or array.
 */
export function jsonSegments(text: string): PromptSegment[] | undefined {
  if (!/^\s*[[{]/.test(text) || !isJson(text)) return undefined;
  const segments: PromptSegment[] = [];
  const add = (role: PartRole, start: number, end: number) => {
    if (end > start) segments.push({ role, start, end, isBreak: role === 'technical' });
  };
  const keys = new KeyPath();
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (!token.startsWith('"')) {
      keys.take(token);
      continue;
    }
    if (keys.expectsKey) {
      if (keys.isUnwanted) {
        add('technical', at, match.index);
        at = match.index + token.length;
        add('negative', match.index, at);
      }
      keys.name(token);
      continue;
    }
    const start = match.index + 1;
    add('technical', at, start);
    at = match.index + token.length - 1;
    addValue(text.slice(start, at), start, keys.isNegative ? 'negative' : 'positive', add);
  }
  add('technical', at, text.length);
  return segments;
}

function addValue(value: string, start: number, role: PartRole, add: (role: PartRole, start: number, end: number) => void): void {
  let at = 0;
  for (const { index } of value.matchAll(BLANK_ESCAPE)) {
    // An escaped backslash before it makes it a letter after all.
    if (value.charAt(index - 1) === '\\') continue;
    add(role, start + at, start + index);
    add('technical', start + index, start + index + 2);
    at = index + 2;
  }
  add(role, start + at, start + value.length);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where in nested objects a token stands, and whether a key around it is negative. */
class KeyPath {
  /** One entry for each open bracket: whether it is an object, and whether it lies under a negative key. */
  readonly #open: { readonly isObject: boolean; readonly isNegative: boolean }[] = [];
  #isNegativeKey = false;
  expectsKey = false;

  /** True for keys inside what is negative as a whole. */
  get isUnwanted(): boolean {
    return this.#open.at(-1)?.isNegative === true;
  }

  get isNegative(): boolean {
    return this.#isNegativeKey || this.#open.at(-1)?.isNegative === true;
  }

  take(sign: string): void {
    if (sign === '{' || sign === '[') {
      this.#open.push({ isObject: sign === '{', isNegative: this.isNegative });
      this.#isNegativeKey = false;
    }
    if (sign === '}' || sign === ']') this.#open.pop();
    if (sign === ':') this.expectsKey = false;
    else {
      this.expectsKey = this.#open.at(-1)?.isObject === true && (sign === '{' || sign === ',');
      if (this.expectsKey) this.#isNegativeKey = false;
    }
  }

  name(key: string): void {
    this.#isNegativeKey = NEGATIVE_KEY.test(key.slice(1, -1));
  }
}
