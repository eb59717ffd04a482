import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { usePreferences } from '../shell/preferences.ts';
import { actWords, codeWords, ruleWords } from './code-words.ts';
import { LANGUAGES, type Language, pickLanguage } from './languages.ts';
import { shippedWords } from './shipped-words.ts';
import { type Book, isKey, type Key, phrase } from './words.ts';

type Values = Readonly<Record<string, string | number>>;

export interface Words {
  readonly language: Language;
  readonly t: (key: Key, values?: Values) => string;
  /** A name of the server (`decision.release`) in words; the name itself, made readable, where there are none. */
  readonly named: (prefix: string, name: string) => string;
  /** A sentence of the server: in words where it ships, as it was written where an operator wrote it. */
  readonly said: (text: string) => string;
  /** What a check found, by its code. */
  readonly found: (code: string) => string;
  /** A rule without a description. */
  readonly ruled: (rule: string) => string;
  /** An act of a case. */
  readonly acted: (act: string) => string;
  readonly number: (value: number, options?: Intl.NumberFormatOptions) => string;
  readonly percent: (share: number, digits?: number) => string;
  readonly date: (time: string | number) => string;
  /** Without the time of day. */
  readonly day: (time: string | number) => string;
  /** A length of time in at most two units: `3 h 12 min`. */
  readonly span: (ms: number) => string;
  /** A language tag (`de`, `pt-BR`) as the name of the language. */
  readonly tongue: (tag: string) => string;
}

const WordsContext = createContext<Words | null>(null);

export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const { language: wish } = usePreferences();
  const language = pickLanguage([wish, ...navigator.languages]);
  const [book, setBook] = useState<Book | null>(null);
  useEffect(() => {
    let isCurrent = true;
    document.documentElement.lang = language;
    document.documentElement.dir = LANGUAGES[language].direction;
    const { load } = LANGUAGES[language];
    if (load === null) setBook(null);
    else
      load().then(
        (loaded) => isCurrent && setBook(loaded),
        () => isCurrent && setBook(null),
      );
    return () => {
      isCurrent = false;
    };
  }, [language]);
  const words = useMemo(() => createWords(language, book ?? {}), [language, book]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export function useWords(): Words {
  const words = useContext(WordsContext);
  if (words === null) throw new Error('useWords is used outside WordsProvider');
  return words;
}

/** With its zone: colleagues sit in several, and deadlines are read aloud. */
const MOMENT = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

function createWords(language: Language, book: Book): Words {
  const t = (key: Key, values?: Values) => phrase(book, key, values, language);
  const dates = new Intl.DateTimeFormat(language, MOMENT);
  const tongues = new Intl.DisplayNames([language], { type: 'language', fallback: 'code' });
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'narrow', maximumFractionDigits: 0 }).format(value);
  return {
    language,
    t,
    named: (prefix, name) => {
      const key = `${prefix}.${name}`;
      return isKey(key) ? t(key) : readable(name);
    },
    said: (text) => shippedWords(text, t),
    found: (code) => codeWords(code, t) ?? readable(code),
    ruled: (rule) => ruleWords(rule, t) ?? readable(rule),
    acted: (act) => actWords(act, t) ?? readable(act),
    tongue: (tag) => {
      const [first = ''] = tag.split('-');
      return /^[a-z]{2,3}$/i.test(first) ? (tongues.of(first) ?? tag) : tag;
    },
    number: (value, options) => new Intl.NumberFormat(language, options).format(value),
    percent: (share, digits = 0) => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(share),
    date: (time) => dates.format(new Date(time)),
    day: (time) => days.format(new Date(time)),
    span: (ms) => {
      const minutes = Math.round(Math.abs(ms) / 60_000);
      if (minutes < 1) return unit(Math.round(Math.abs(ms) / 1000), 'second');
      if (minutes < 60) return unit(minutes, 'minute');
      const hours = Math.floor(minutes / 60);
      if (hours < 48) return minutes % 60 === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`;
      const days = Math.floor(hours / 24);
      return hours % 24 === 0 ? unit(days, 'day') : `${unit(days, 'day')} ${unit(hours % 24, 'hour')}`;
    },
  };
}

function readable(name: string): string {
  const spaced = name.replace(/[_.:-]+/g, ' ').trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
