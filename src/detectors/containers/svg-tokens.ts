import { unescapeXml } from './xmp.ts';

/** One piece of markup, in document order. Names keep their prefix; attribute values are unescaped. */
export type SvgToken =
  | { readonly kind: 'element'; readonly name: string; readonly attributes: readonly SvgAttribute[]; readonly closed: boolean }
  | { readonly kind: 'end' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'doctype'; readonly hasSubset: boolean }
  | { readonly kind: 'instruction'; readonly target: string }
  | { readonly kind: 'broken' };

export interface SvgAttribute {
  readonly name: string;
  readonly value: string;
}

/**
 * Splits SVG text into tokens, in one pass and linear time. It is stricter than an XML parser where strictness is
 * cheap: whatever it cannot read is `broken` and ends the document.
 */
export function* svgTokens(text: string): Generator<SvgToken> {
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    const content = text.slice(at, open < 0 ? text.length : open);
    if (content.trim() !== '') yield { kind: 'text', text: unescapeXml(content) };
    if (open < 0) return;
    const next = tokenAt(text, open);
    if (next.token !== undefined) yield next.token;
    if (next.end < 0) return;
    at = next.end;
  }
}

interface Read {
  readonly token: SvgToken | undefined;
  /** Where reading goes on; negative when it cannot. */
  readonly end: number;
}

const BROKEN: Read = { token: { kind: 'broken' }, end: -1 };

function tokenAt(text: string, open: number): Read {
  if (text.startsWith('<!--', open)) return until(text, '-->', open + 4, undefined);
  if (text.startsWith('<![CDATA[', open)) {
    const close = text.indexOf(']]>', open);
    return close < 0 ? BROKEN : { token: { kind: 'text', text: text.slice(open + 9, close) }, end: close + 3 };
  }
  if (text.startsWith('<?', open)) {
    const target = /^[\w:.-]{1,64}/.exec(text.slice(open + 2, open + 66))?.[0] ?? '';
    return until(text, '?>', open + 2, { kind: 'instruction', target: target.toLowerCase() });
  }
  if (text.startsWith('<!', open)) return doctypeAt(text, open);
  if (text.startsWith('</', open)) return until(text, '>', open + 2, { kind: 'end' });
  return elementAt(text, open);
}

function until(text: string, terminator: string, from: number, token: SvgToken | undefined): Read {
  const close = text.indexOf(terminator, from);
  return close < 0 ? BROKEN : { token, end: close + terminator.length };
}

function doctypeAt(text: string, open: number): Read {
  const close = text.indexOf('>', open);
  const subset = text.indexOf('[', open);
  if (close < 0) return BROKEN;
  const hasSubset = subset >= 0 && subset < close;
  // Entity declarations end the document: nobody needs to read on to refuse it.
  return { token: { kind: 'doctype', hasSubset }, end: hasSubset ? -1 : close + 1 };
}

const NAME = /[^\s/>=<"']+/y;
const SPACE = /\s*/y;

function elementAt(text: string, open: number): Read {
  const name = match(NAME, text, open + 1);
  if (name === '') return BROKEN;
  const attributes: SvgAttribute[] = [];
  let at = open + 1 + name.length;
  for (;;) {
    at += match(SPACE, text, at).length;
    if (text.startsWith('/>', at)) return { token: { kind: 'element', name, attributes, closed: true }, end: at + 2 };
    if (text[at] === '>') return { token: { kind: 'element', name, attributes, closed: false }, end: at + 1 };
    const read = attributeAt(text, at);
    if (read === undefined) return BROKEN;
    attributes.push(read.attribute);
    at = read.end;
  }
}

function attributeAt(text: string, from: number): { readonly attribute: SvgAttribute; readonly end: number } | undefined {
  const name = match(NAME, text, from);
  let at = from + name.length;
  at += match(SPACE, text, at).length;
  if (name === '' || text[at] !== '=') return undefined;
  at += 1 + match(SPACE, text, at + 1).length;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  const close = text.indexOf(quote, at + 1);
  if (close < 0) return undefined;
  return { attribute: { name, value: unescapeXml(text.slice(at + 1, close)) }, end: close + 1 };
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
