import type { ReactNode } from 'react';
import { isHidden } from './hidden-characters.ts';

/** Text that somebody else wrote: kept apart from the direction of the page, its invisible characters shown by number. */
export function UserText({ text }: { readonly text: string }) {
  return <bdi className="hostile">{shown(text)}</bdi>;
}

/** The same in pieces, for texts with marks in them. */
export function shown(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let plain = '';
  let at = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (isHidden(codePoint)) {
      parts.push(plain, <Control key={at} codePoint={codePoint} />);
      plain = '';
    } else plain += character;
    at += character.length;
  }
  return parts.length === 0 ? text : [...parts, plain];
}

function Control({ codePoint }: { readonly codePoint: number }) {
  return <span className="control">U+{codePoint.toString(16).toUpperCase().padStart(4, '0')}</span>;
}
