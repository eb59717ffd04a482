import { createHash } from 'node:crypto';
import { PAGE_STYLE } from './page-style.ts';

/** Text as HTML, quotes included: labels and names of models are strangers' words. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** A page that needs nothing else and runs nothing; its policy says so to the browser. @param body HTML */
export function pageOf(title: string, body: string): string {
  const digest = createHash('sha256').update(PAGE_STYLE).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

/** Terms and what is said of them. */
export function factsList(facts: Readonly<Record<string, string | number>>): string {
  const items = Object.entries(facts).map(([term, value]) => `<div><dt>${escaped(term)}</dt><dd>${escaped(numbered(value))}</dd></div>`);
  return `<dl class="facts">${items.join('')}</dl>`;
}

const numbered = (value: string | number) => (typeof value === 'number' ? value.toLocaleString('en') : value);

/** Where something lies on an axis, ends of an interval included. */
export interface Strip {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** What was expected. */
  readonly aim?: number;
}

/** The two ends of an axis. */
export interface Axis {
  readonly from: number;
  readonly to: number;
}

const WIDE = 1_000;

/** A dot with its interval. The same numbers stand beside it, so it is hidden from readers that speak. */
export function stripOf({ value, low, high, aim }: Strip, { from, to }: Axis): string {
  const x = (at: number) => (((Math.min(to, Math.max(from, at)) - from) / (to - from)) * 100).toFixed(2);
  const line = (kind: string, at: number) => `<line class="${kind}" x1="${x(at)}%" x2="${x(at)}%" y1="0" y2="20"/>`;
  const quarters = [0, 0.25, 0.5, 0.75, 1].map((share) => line('grid', from + share * (to - from))).join('');
  const zero = from < 0 && to > 0 ? line('zero', 0) : '';
  const expected = aim === undefined ? '' : line('aim', aim);
  return `<svg aria-hidden="true" focusable="false" height="20">${quarters}${zero}<line class="span" x1="${x(low)}%" x2="${x(high)}%" y1="10" y2="10"/>${expected}<circle class="dot" cx="${x(value)}%" cy="10" r="5"/></svg>`;
}

/** Shares side by side in one bar, with what is expected as upright lines. Hidden from readers that speak, as `stripOf`. */
export function stackOf(shares: readonly { readonly value: number; readonly expected: number }[]): string {
  const parts: string[] = [];
  const lines: string[] = [];
  let [from, aim] = [0, 0];
  for (const [at, { value, expected }] of shares.entries()) {
    parts.push(`<rect class="b${at}" x="${(100 * from).toFixed(2)}%" y="3" width="${(100 * value).toFixed(2)}%" height="14"/>`);
    [from, aim] = [from + value, aim + expected];
    if (at < shares.length - 1)
      lines.push(`<line class="aim" x1="${(100 * aim).toFixed(2)}%" x2="${(100 * aim).toFixed(2)}%" y1="0" y2="20"/>`);
  }
  return `<svg aria-hidden="true" focusable="false" height="20">${parts.join('')}${lines.join('')}</svg>`;
}

/** An axis from 0, or around it, whose end is a round number that holds all of these. */
export function axisFor(values: readonly number[], { isSigned = false, most = Number.POSITIVE_INFINITY } = {}): Axis {
  const reach = Math.max(...values.map(Math.abs), 1 / WIDE);
  const power = 10 ** Math.floor(Math.log10(reach));
  const to = Math.min(most, ([1, 2, 4, 5, 10].find((step) => step * power >= reach * 0.999) ?? 10) * power);
  return { from: isSigned ? -to : 0, to };
}
