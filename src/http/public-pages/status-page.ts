import { escapeHtml as e, type PublicBook, publicPage } from './public-page.ts';

/** The page `/report/{receipt}`: how a report stands. What it shows it asks for with the secret, which the server never sees in an address. */
export function statusPage(book: PublicBook, receipt: string): string {
  const { status, report } = book.words;
  const row = (id: string, label: string) => `<div><dt>${e(label)}</dt><dd id="${id}"></dd></div>`;
  const data = { words: { status, report }, language: book.language };
  return publicPage(book, { title: status.title, script: 'status-client.mjs', data }, [
    `<h1 tabindex="-1">${e(status.title)}</h1>`,
    `<form id="form"><section><div class="field"><label for="receipt">${e(report.receipt)}</label><input type="text" id="receipt" value="${e(receipt)}" maxlength="24" dir="ltr" autocomplete="off" spellcheck="false"></div>`,
    `<div class="field"><label for="secret">${e(report.secret)}</label><input type="text" id="secret" maxlength="32" dir="ltr" autocomplete="off" spellcheck="false"></div>`,
    `<div class="bar-of-buttons"><button type="submit">${e(status.look)}</button></div></section></form>`,
    `<p class="trouble" id="trouble" role="alert"></p>`,
    `<article id="result" hidden aria-labelledby="verdict"><h2 id="verdict" tabindex="-1"></h2><p id="outcome"></p>`,
    `<dl>${row('kind', report.kind)}${row('number', report.receipt)}${row('received', status.received)}${row('due', status.due)}${row('decided', status.decided)}</dl>`,
    `<p id="redress" hidden>${e(status.redress)}</p>`,
    `<div id="takeBack" hidden><p class="tip">${e(status.withdrawHint)}</p><button type="button" class="quiet" id="withdraw">${e(status.withdraw)}</button></div></article>`,
  ]);
}
