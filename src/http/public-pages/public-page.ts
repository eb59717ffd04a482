import { BOOKS } from '../../reply/public-words/public-books.ts';
import type { PublicWords } from '../../reply/public-words/public-words.ts';
import { preferredLanguage } from '../../reply/sentences/public-sentence.ts';

/** What a public page says, in one language. */
export interface PublicBook {
  /** BCP 47 primary subtag. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: PublicWords;
}

/** In the first language that the reader understands and the page speaks; English else. */
export function publicBook(acceptLanguage: string | undefined): PublicBook {
  const language = preferredLanguage(acceptLanguage);
  return { language, direction: language === 'ar' ? 'rtl' : 'ltr', words: BOOKS[language] ?? BOOKS.en };
}

interface PageFacts {
  readonly title: string;
  /** Under `/report/`. */
  readonly script: string;
  /** What the script is given. */
  readonly data: unknown;
}

/** A page without style and script of its own, so that it runs under a policy that allows neither. */
export function publicPage({ language, direction }: PublicBook, { title, script, data }: PageFacts, body: readonly string[]): string {
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/verify/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/report/page.css">
<script type="application/json" id="words">${escapeJson(data)}</script>
<script type="module" src="/report/${script}"></script>
</head>
<body>
<main>
${body.join('\n')}
</main>
</body>
</html>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON inside a script element: nothing in it may end the element. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

export const PICTURE_ICON =
  '<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><circle cx="9" cy="10" r="1.6"/><path d="m4 17 5-4.5 3.5 3 3-2.5 4.5 4"/></svg>';
