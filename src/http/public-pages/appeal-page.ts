import { escapeHtml as e, type PublicBook, publicPage } from './public-page.ts';

/** The page `/appeal/{decision}`: the reasons of a decision, and room to say why it is wrong. */
export function appealPage(book: PublicBook, decision: string): string {
  const { appeal, report } = book.words;
  const data = { words: { appeal, report }, language: book.language, decision };
  return publicPage(book, { title: appeal.title, script: 'appeal-client.mjs', data }, [
    `<h1 tabindex="-1">${e(appeal.title)}</h1>`,
    `<article id="reasons" hidden aria-labelledby="reasons-title"><h2 id="reasons-title"></h2><div id="sentences"></div></article>`,
    `<article id="result" hidden aria-labelledby="verdict"><h2 id="verdict" tabindex="-1"></h2></article>`,
    `<form id="form" hidden><section><div class="field"><label for="statement">${e(appeal.words)}</label><p class="tip" id="statement-tip">${e(appeal.wordsHint)}</p>`,
    `<textarea id="statement" rows="6" maxlength="5000" dir="auto" aria-describedby="statement-tip words-problem"></textarea><p class="problem" id="words-problem" role="alert"></p></div>`,
    `<div class="field"><label for="email">${e(appeal.email)}</label><input type="email" id="email" maxlength="254" autocomplete="email" dir="ltr"></div>`,
    `<div class="bar-of-buttons"><button type="submit">${e(appeal.send)}</button></div></section></form>`,
    `<p class="trouble" id="trouble" role="alert"></p>`,
  ]);
}
