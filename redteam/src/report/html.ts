/** Text that is safe in HTML content and in quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const LONGEST = 280;
/** Whatever a reader cannot see, or that would spoil the page: controls, marks, format and fill characters, halves of pairs, tags. */
const UNSEEN = /((?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{M}\u3164])\1*/gu;

/** A sent text as HTML: escaped, cut, and with every invisible character named. */
export function visible(text: string): string {
  const parts: string[] = [];
  let shown = 0;
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const [run, sign = ''] = match;
    const before = text.slice(from, match.index);
    if (shown + before.length > LONGEST) break;
    parts.push(escaped(before), named(sign, run.length / sign.length));
    shown += before.length + 6;
    from = match.index + run.length;
  }
  const rest = text.slice(from, from + Math.max(0, LONGEST - shown));
  const isWhole = from + rest.length === text.length;
  // A cut must not part a pair of surrogates.
  parts.push(escaped(rest.replace(/\p{Cs}/gu, '')));
  return parts.join('') + (isWhole ? '' : `<span class="cut"> … ${text.length.toLocaleString('en')} characters in all</span>`);
}

function named(sign: string, times: number): string {
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `<span class="sign">${code}${times > 1 ? `×${times}` : ''}</span>`;
}
