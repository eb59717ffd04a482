import type { PageBook } from './page-books.ts';

/**
 * The page `/verify` in one language. It holds no style and no script of its own, so that it runs under a policy that allows neither;
 * `page-client.mjs` fills it from what `POST /v1/verify` answers.
 */
export function verifyPage({ language, direction, words, mark }: PageBook, maxBytes: number): string {
  const { title, choose, drop, privacy, reading, again, ask, history, says } = words;
  const question = (name: keyof typeof ask) => `<div><dt>${escapeHtml(ask[name])}</dt><dd data-answer="${name}"></dd></div>`;
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/verify/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/verify/page.css">
<script type="application/json" id="words">${escapeJson({ ...words, mark, language, maxBytes })}</script>
<script type="module" src="/verify/page-client.mjs"></script>
</head>
<body data-state="empty">
<main>
<h1>${escapeHtml(title)}</h1>
<section class="drop" id="drop">
<input type="file" id="file" accept="image/*" aria-describedby="privacy">
<label for="file">${UPLOAD_ICON}<span class="choose" data-again="${escapeHtml(again)}">${escapeHtml(choose)}</span><span class="hint">${escapeHtml(drop)}</span></label>
<p class="reading" aria-hidden="true"><span class="bar"></span>${escapeHtml(reading)}</p>
</section>
<p id="privacy" class="privacy">${LOCK_ICON}${escapeHtml(privacy)}</p>
<p id="status" class="unseen" role="status"></p>
<p id="trouble" class="trouble" role="alert"></p>
<article id="result" hidden aria-labelledby="verdict">
<header><span class="mark" aria-hidden="true"></span><h2 id="verdict" tabindex="-1"></h2></header>
<p id="note" hidden></p>
<dl>${question('ai')}${question('by')}${question('intact')}${question('record')}<div class="wide"><dt>${escapeHtml(mark.title)}</dt><dd data-answer="mark"></dd></div></dl>
<section id="history"><h3>${escapeHtml(history)}</h3><div class="tree"></div></section>
<section id="says" hidden><h3>${escapeHtml(says)}</h3><ul></ul></section>
</article>
<noscript><p class="trouble">POST /v1/verify</p></noscript>
</main>
</body>
</html>`;
}

const icon = (paths: string) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">${paths}</svg>`;
const UPLOAD_ICON = icon(
  '<rect x="3.5" y="4.5" width="17" height="15" rx="2.5"/><circle cx="9" cy="10" r="1.6"/><path d="m4 17 5-4.5 3.5 3 3-2.5 4.5 4"/>',
);
const LOCK_ICON = icon('<rect x="5.5" y="10.5" width="13" height="9" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>');

export const PAGE_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f4e6b"/><path d="m9 16.5 5 5 9-11" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON inside a script element: nothing in it may end the element. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}
