import { access } from './access.ts';
import { boards } from './boards.ts';
import { codes } from './codes.ts';
import { core } from './core.ts';
import { desk } from './desk.ts';
import { manage } from './manage.ts';
import { more } from './more.ts';
import { problems } from './problems.ts';
import { queues } from './queues.ts';
import { rule } from './rule.ts';
import { shipped } from './shipped.ts';
import { team } from './team.ts';

/** Every text in English. What a language lacks is shown in English; a test counts what that is, and it is nothing. */
export const ENGLISH = {
  ...core,
  ...more,
  ...boards,
  ...manage,
  ...access,
  ...team,
  ...rule,
  ...problems,
  ...desk,
  ...queues,
  ...shipped,
  ...codes,
} as const;

export type Key = keyof typeof ENGLISH;
export type Book = Readonly<Partial<Record<Key, string>>>;

/** Texts that a language shows in English until somebody translates them. */
export function untranslated(book: Book): readonly Key[] {
  return Object.keys(ENGLISH)
    .filter(isKey)
    .filter((key) => !Object.hasOwn(book, key));
}

type Values = Readonly<Record<string, string | number>>;

/** `{n, plural, one {# case} other {# cases}}`, without anything nested: the part of ICU MessageFormat that the texts need. */
const PLURAL = /\{(\w+), plural, ((?:\w+ \{[^{}]*\} ?)+)\}/g;
const FORM = /(\w+) \{([^{}]*)\}/g;

/**
 * A text with its `{holes}` filled: numbers as the language writes them, plural forms by its rules (`Intl.PluralRules`). Other values are
 * put in as they are: React escapes them.
 */
export function phrase(book: Book, key: Key, values: Values = {}, language = 'en'): string {
  const text: string = book[key] ?? ENGLISH[key];
  return text
    .replace(PLURAL, (whole, name: string, forms: string) => {
      const value = values[name];
      return value === undefined ? whole : pluralOf(forms, value, language);
    })
    .replace(/\{(\w+)\}/g, (hole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return hole;
      return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
    });
}

function pluralOf(forms: string, value: string | number, language: string): string {
  const texts = new Map([...forms.matchAll(FORM)].map(([, name = '', text = '']) => [name, text]));
  const form = typeof value === 'number' ? new Intl.PluralRules(language).select(value) : 'other';
  const text = texts.get(form) ?? texts.get('other') ?? '#';
  return text.replaceAll('#', typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value);
}

/** Whether there is a text of this name, for names that come from the server (decisions, states). */
export function isKey(name: string): name is Key {
  return Object.hasOwn(ENGLISH, name);
}
