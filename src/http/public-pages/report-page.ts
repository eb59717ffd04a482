import { KINDS, NOTICE_KINDS, RELATIONS } from '../../review/notices/notice-kinds.ts';
import { MIN_HASH_QUALITY } from '../../review/notices/notice-wish.ts';
import { countriesIn } from './countries.ts';
import { BY_COUNTRY, EVERYWHERE } from './crisis-links.ts';
import { escapeHtml as e, PICTURE_ICON, type PublicBook, publicPage } from './public-page.ts';

/** The page `/report`: three steps, which are one long form where no script runs. */
export function reportPage(book: PublicBook): string {
  const { report } = book.words;
  const countries = countriesIn(book.language);
  const data = {
    words: report,
    language: book.language,
    kinds: KINDS,
    minQuality: MIN_HASH_QUALITY,
    countries: countries.map(({ code }) => code),
    links: BY_COUNTRY,
    everywhere: EVERYWHERE,
  };
  const steps = report.steps.map((name) => `<li>${e(name)}</li>`).join('');
  const options = countries.map(({ code, name }) => `<option value="${code}">${e(name)}</option>`).join('');
  return publicPage(book, { title: report.title, script: 'report-client.mjs', data }, [
    `<h1 tabindex="-1">${e(report.title)}</h1><p class="lead" id="lead">${e(report.lead)}</p>`,
    `<ol class="steps" id="steps">${steps}</ol>`,
    `<form id="form" method="post" action="/v1/notices" enctype="multipart/form-data" novalidate>`,
    step(0, report.steps[0], whatFields(book)),
    step(1, report.steps[1], whoFields(book, options)),
    step(2, report.steps[2], wordFields(book)),
    `<p class="trouble" id="trouble" role="alert"></p>`,
    `<div class="bar-of-buttons"><button type="button" class="quiet stepping" id="back" hidden>${e(report.back)}</button>`,
    `<button type="button" class="stepping" id="next">${e(report.next)}</button><button type="submit" id="send">${e(report.send)}</button></div></form>`,
    doneSection(book),
    `<details class="help stepping"><summary>${e(report.help)}</summary><ul id="help"></ul></details>`,
  ]);
}

function step(at: number, title: string, body: string): string {
  return `<section data-step="${at}" aria-labelledby="step-${at}"><h2 id="step-${at}" tabindex="-1">${e(title)}</h2>${body}</section>`;
}

const problem = (field: string) => `<p class="problem" id="${field}-problem" role="alert"></p>`;

function whatFields({ words: { report } }: PublicBook): string {
  const kinds = NOTICE_KINDS.map((kind) => choice('kind', kind, report.kinds[kind])).join('');
  return [
    `<fieldset class="field"><legend>${e(report.kind)}</legend>${kinds}${problem('kind')}</fieldset>`,
    `<div class="field"><label for="urls">${e(report.where)}</label><p class="tip" id="urls-tip">${e(report.whereHint)}</p>`,
    `<textarea id="urls" name="urls" rows="2" dir="ltr" inputmode="url" autocapitalize="off" spellcheck="false" maxlength="20000" aria-describedby="urls-tip urls-problem"></textarea>${problem('urls')}</div>`,
    `<div class="field stepping"><span class="label" id="picture-label">${e(report.picture)}</span><p class="tip" id="picture-tip">${e(report.pictureHint)}</p>`,
    `<span class="file"><input type="file" id="picture" accept="image/*" aria-labelledby="picture-label picture-choose" aria-describedby="picture-tip hashed"><span id="picture-choose">${PICTURE_ICON}${e(report.choose)}</span></span>`,
    `<p id="hashed" role="status"></p><code id="fingerprint" dir="ltr"></code>`,
    `<label class="check" id="sendAsWell" hidden><input type="checkbox" id="sendPicture"><span>${e(report.sendPicture)}</span></label></div>`,
    `<div class="field"><label for="description">${e(report.why)}</label><p class="tip" id="description-tip">${e(report.whyHint)}</p>`,
    `<textarea id="description" name="description" rows="4" maxlength="5000" dir="auto" aria-describedby="description-tip description-problem"></textarea>${problem('description')}</div>`,
  ].join('');
}

function choice(name: string, value: string, label: string): string {
  return `<label class="choice"><input type="radio" name="${name}" value="${value}"><span>${e(label)}</span></label>`;
}

function whoFields({ words: { report } }: PublicBook, countries: string): string {
  const relations = RELATIONS.map((one) => choice('relation', one, report.relations[one])).join('');
  return [
    `<p class="privacy" id="anonymous" hidden>${e(report.anonymous)}</p>`,
    `<fieldset class="field" id="relation" tabindex="-1"><legend>${e(report.relation)}</legend>${relations}${problem('relation')}</fieldset>`,
    `<div class="field"><label for="name">${e(report.name)}</label><input type="text" id="name" name="name" maxlength="200" autocomplete="name" dir="auto" aria-describedby="name-problem">${problem('name')}</div>`,
    `<div class="field"><label for="email">${e(report.email)}</label><p class="tip" id="email-tip">${e(report.emailHint)}</p>`,
    `<input type="email" id="email" name="email" maxlength="254" autocomplete="email" dir="ltr" aria-describedby="email-tip email-problem">${problem('email')}</div>`,
    `<div class="field"><label for="country">${e(report.country)}</label><p class="tip" id="country-tip">${e(report.countryHint)}</p>`,
    `<select id="country" name="region" autocomplete="country" aria-describedby="country-tip"><option value=""></option>${countries}</select></div>`,
  ].join('');
}

function wordFields({ words: { report } }: PublicBook): string {
  return [
    `<div class="field"><label class="check"><input type="checkbox" id="good_faith" name="good_faith" aria-describedby="good_faith-problem"><span>${e(report.goodFaith)}</span></label>${problem('good_faith')}</div>`,
    `<div class="field"><label for="signature">${e(report.signature)}</label><p class="tip" id="signature-tip">${e(report.signatureHint)}</p>`,
    `<input type="text" id="signature" name="signature" maxlength="200" autocomplete="name" dir="auto" aria-describedby="signature-tip signature-problem">${problem('signature')}</div>`,
  ].join('');
}

function doneSection({ words: { report } }: PublicBook): string {
  return [
    `<section id="done" hidden><p class="lead">${e(report.keep)}</p><dl class="numbers"><dt>${e(report.receipt)}</dt><dd id="receipt"></dd><dt>${e(report.secret)}</dt><dd id="secret"></dd></dl>`,
    `<p class="next-steps"><button type="button" id="copy">${e(report.copy)}</button><a id="follow" href="/report">${e(report.follow)}</a></p></section>`,
  ].join('');
}
