import { describe, expect, it } from 'vitest';
import { CATEGORIES as GATEWAY_CATEGORIES } from '../../src/contracts/category.ts';
import { ERROR_CODES } from '../../src/contracts/errors.ts';
import { STAFF_ROLES as GATEWAY_ROLES } from '../../src/contracts/staff-role.ts';
import { NOTICE_KINDS } from '../../src/review/notices/notice-kinds.ts';
import { SHIPPED_QUEUES } from '../../src/review/queues.ts';
import { CASE_DECISIONS } from '../../src/review/transitions.ts';
import { STAFF_ROLES } from '../src/pages/access/staff-roles.ts';
import { DECISIONS } from '../src/pages/training/decisions.ts';
import { CATEGORIES } from '../src/words/categories.ts';
import { LANGUAGES, pickLanguage } from '../src/words/languages.ts';
import { queueWords } from '../src/words/queue-words.ts';
import { ENGLISH, isKey, phrase, untranslated } from '../src/words/words.ts';

const PLURAL = /\{(\w+), plural, ((?:\w+ \{[^{}]*\} ?)+)\}/g;
/** Names of what is filled in, plural or not. */
const holes = (text: string) =>
  [
    ...[...text.matchAll(PLURAL)].map(([, name]) => name),
    ...[...text.replace(PLURAL, '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
  ].sort();
const books = await Promise.all(
  Object.entries(LANGUAGES).map(async ([tag, { load }]) => ({ tag, book: load === null ? ENGLISH : await load() })),
);
const others = books.filter(({ tag }) => tag !== 'en');

describe('the ten languages', () => {
  it('are ten', () => expect(books).toHaveLength(10));

  it.each(others)('$tag has every text, with the same holes', ({ book }) => {
    expect(untranslated(book)).toEqual([]);
    for (const [key, english] of Object.entries(ENGLISH)) {
      const text = isKey(key) ? book[key] : undefined;
      expect(text, key).toBeTruthy();
      expect(holes(text ?? ''), key).toEqual(holes(english));
    }
    expect(Object.keys(book).filter((key) => !isKey(key))).toEqual([]);
  });

  it.each(books)('$tag has every plural form that its numbers ask for', ({ tag, book }) => {
    // "many" of the Romance languages is for millions; whoever leaves it out gets "other".
    const needed = new Intl.PluralRules(tag)
      .resolvedOptions()
      .pluralCategories.filter((form) => form !== 'many' || tag === 'pl' || tag === 'ar');
    for (const [key, text] of Object.entries(book)) {
      for (const [, , forms = ''] of text.matchAll(PLURAL)) {
        const has = [...forms.matchAll(/(\w+) \{/g)].map(([, form]) => form);
        expect(
          needed.filter((form) => !has.includes(form)),
          key,
        ).toEqual([]);
      }
      // What looks like a plural and is none would be shown as it stands.
      expect(text.replace(PLURAL, ''), key).not.toMatch(/, plural,|#/);
    }
  });

  it.each(others)('$tag is translated, not copied', ({ book }) => {
    const copied = Object.entries(ENGLISH).filter(([key, english]) => isKey(key) && /[a-z]{3}/.test(english) && book[key] === english);
    // Words like "Menu" and "Signal" are the same in several languages; names like "JSON Lines" in all.
    expect(copied.length, copied.map(([key]) => key).join(' ')).toBeLessThan(Object.keys(ENGLISH).length * 0.06);
  });

  it('counts as the language does', () => {
    const n = (language: string, count: number) =>
      phrase(books.find(({ tag }) => tag === language)?.book ?? {}, 'campaign.accounts', { n: count }, language);
    expect([1, 2, 5].map((count) => n('en', count))).toEqual(['1 account', '2 accounts', '5 accounts']);
    expect([1, 2, 5, 22].map((count) => n('pl', count))).toEqual(['1 konto', '2 konta', '5 kont', '22 konta']);
    expect(n('de', 12_000)).toBe('12.000 Konten');
    expect(n('ar', 2)).toBe('حسابان');
  });

  it('leaves a value as it is, whatever it looks like', () => {
    expect(phrase({}, 'queues.startOf', { name: '<b>{n}</b>' })).toBe('Start with <b>{n}</b>');
    expect(phrase({}, 'campaign.decided', { by: '{n, plural, one {x} other {y}}' })).toBe('Decided by {n, plural, one {x} other {y}}');
  });

  it('picks the first language that there is', () => {
    expect(pickLanguage([null, 'sv-SE', 'pt-BR', 'de'])).toBe('pt');
    expect(pickLanguage(['xx', '__proto__'])).toBe('en');
  });
});

/** What only who makes pictures or runs the machine can meet: no page of the console asks for anything that ends so. */
const NEVER_ON_A_PAGE = [
  /^(APPEAL_|CAPABILITY_(STOPPED|CLOSED)|BUDGET_|CLOCK_RUNS_ON|IDEMPOTENCY_|OPERATION_|PARAMETER_|GENERATION_|USER_|ADDRESS_TOO_LONG)/,
  /^(MODERATION_BLOCKED|REVIEW_REQUIRED|STORAGE_LOCKED|CONFIG_INVALID|DETECTOR_MODEL_ALTERED|LEDGER_INVALID)$/,
  /^MODEL_(?!UNKNOWN$)/,
];

describe('errors of the gateway', () => {
  it('that somebody at the console can meet are told in words of the console, by their codes', () => {
    const met = ERROR_CODES.filter((code) => !NEVER_ON_A_PAGE.some((one) => one.test(code))).map((code) => `problem.${code.toLowerCase()}`);
    expect(met.filter((key) => !isKey(key))).toEqual([]);
    expect(Object.keys(ENGLISH).filter((key) => key.startsWith('problem.') && !met.includes(key))).toEqual([]);
  });
});

describe('lists that the console keeps for itself', () => {
  it('are those of the gateway', () => {
    expect(CATEGORIES).toEqual(GATEWAY_CATEGORIES);
    expect(STAFF_ROLES).toEqual(GATEWAY_ROLES);
    expect(DECISIONS).toEqual(CASE_DECISIONS);
  });

  it('has a word for each of them', () => {
    const names = [
      ...CATEGORIES.map((one) => `category.${one}`),
      ...STAFF_ROLES.map((one) => `role.${one}`),
      ...DECISIONS.map((one) => `decision.${one}`),
      ...NOTICE_KINDS.map((one) => `noticeKind.${one}`),
    ];
    expect(names.filter((name) => !isKey(name))).toEqual([]);
  });

  it('calls the queues that ship as each language does, and one that an operator named as they named it', () => {
    const german = books.find(({ tag }) => tag === 'de')?.book ?? {};
    const said = SHIPPED_QUEUES.map((queue) => queueWords(queue, (key) => phrase(german, key)));
    const untold = SHIPPED_QUEUES.filter(({ name, description }, at) => said[at]?.name === name || said[at]?.description === description);
    expect(untold).toEqual([]);
    const own = { id: 'general', name: 'Night shift', description: 'Everything at night.' };
    expect(queueWords(own, (key) => phrase(german, key))).toEqual({ name: 'Night shift', description: 'Everything at night.' });
  });
});
