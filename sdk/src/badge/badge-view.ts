import type { Answer, Credential } from './ask-gateway.ts';
import type { BadgeWords, SpokenWords } from './badge-words.ts';

/** What the badge shows at a moment. */
export type BadgeState = { readonly kind: 'reading' } | Answer;

const SVG = 'http://www.w3.org/2000/svg';
const RING = 'M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18';
/** In a square of 24: a stamp with a spark, a stamp with a tick, an arc, a ring, a ring with a stroke. */
const ICONS = {
  seal: [
    'M12 2.8l2.3 1.9 3-.2.7 2.9 2.5 1.6-1.1 2.8 1.1 2.8-2.5 1.6-.7 2.9-3-.2L12 20.8l-2.3-1.9-3 .2-.7-2.9-2.5-1.6 1.1-2.8-1.1-2.8L6 7.4l.7-2.9 3 .2z',
    'M8.6 12l2.4 2.4 4.6-4.8',
  ],
  likeness: [RING, 'M8 10.2c1.4-1.5 2.6-1.5 4 0s2.6 1.5 4 0M8 14.4c1.4-1.5 2.6-1.5 4 0s2.6 1.5 4 0'],
  reading: ['M12 3a9 9 0 0 1 9 9'],
  none: [RING, 'M9.6 9.4a2.5 2.5 0 1 1 3.4 2.3c-.7.3-1 .8-1 1.5v.4M12 16.8v.1'],
  failed: [RING, 'M12 7.6v5.2M12 16.2v.1'],
} as const;

function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of ICONS[name]) svg.appendChild(document.createElementNS(SVG, 'path')).setAttribute('d', d);
  return svg;
}

function element(tag: string, content: readonly (Node | string)[], attributes: Readonly<Record<string, string>> = {}): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** The short words on the button, and what a screen reader says of it. */
export function fillMark(mark: HTMLElement, state: BadgeState, { words, language, direction }: SpokenWords): void {
  const name = iconOf(state);
  mark.dataset['state'] = state.kind;
  mark.lang = language;
  mark.dir = direction;
  mark.setAttribute(
    'aria-label',
    state.kind === 'found' ? `${titleOf(state.credential, words)}. ${fileWords(state.credential, words)}` : titleWords(state, words),
  );
  mark.replaceChildren(icon(name), ...(state.kind === 'found' ? [words.ai] : []));
}

/** The panel anew. `retry` is called when the reader asks for it. */
export function fillPanel(panel: HTMLElement, state: BadgeState, { words, language, direction }: SpokenWords, retry: () => void): void {
  panel.lang = language;
  panel.dir = direction;
  const title = state.kind === 'found' ? titleOf(state.credential, words) : titleWords(state, words);
  const heading = element('h2', [icon(iconOf(state)), element('span', [title])], { id: 'title' });
  if (state.kind === 'found') panel.replaceChildren(heading, ...credentialParts(state.credential, words, language));
  else if (state.kind === 'none') panel.replaceChildren(heading, element('p', [words.silence]), element('div', [], { class: 'foot' }));
  else if (state.kind === 'failed') {
    const button = element('button', [words.retry], { type: 'button' });
    button.addEventListener('click', retry);
    panel.replaceChildren(heading, element('div', [button], { class: 'foot' }));
  } else panel.replaceChildren(heading, element('div', [], { class: 'foot' }));
}

function credentialParts(credential: Credential, words: BadgeWords, language: string): HTMLElement[] {
  const rows: (readonly [string, string | null])[] = [
    [words.signer, credential.signer],
    [words.model, credential.model],
    [
      words.at,
      credential.at === null ? null : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(credential.at),
    ],
  ];
  const told = rows.flatMap(([name, value]) => (value === null ? [] : [element('dt', [name]), element('dd', [element('bdi', [value])])]));
  const isProved = credential.how !== 'likeness' && credential.isSignatureGood;
  const link = element('a', [words.more], { href: credential.verifyUrl, target: '_blank', rel: 'noopener noreferrer' });
  return [
    element('p', [fileWords(credential, words)], { class: isProved ? 'good' : 'warn' }),
    ...(told.length === 0 ? [] : [element('dl', told)]),
    element('div', [link], { class: 'foot' }),
  ];
}

function titleOf({ made }: Credential, words: BadgeWords): string {
  return made === 'edited' ? words.edited : words.generated;
}

function titleWords({ kind }: BadgeState, words: BadgeWords): string {
  return kind === 'none' ? words.none : kind === 'failed' ? words.failed : words.reading;
}

function fileWords({ how, isSignatureGood }: Credential, words: BadgeWords): string {
  return isSignatureGood ? words[how] : words.unsigned;
}

function iconOf(state: BadgeState): keyof typeof ICONS {
  if (state.kind !== 'found') return state.kind;
  return state.credential.how === 'likeness' || !state.credential.isSignatureGood ? 'likeness' : 'seal';
}
