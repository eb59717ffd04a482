import type { ReasonsRecord } from '../review/statements/reasons-record.ts';
import { preferredLanguage, topicsOf } from './sentences/public-sentence.ts';
import { ar, hi, ja, ko, zh } from './statement-words/asian-and-arabic.ts';
import { de, en, nl } from './statement-words/germanic.ts';
import { es, fr, it, pt } from './statement-words/romance.ts';
import { pl, ru, tr } from './statement-words/slavic-and-turkic.ts';
import type { StatementWords } from './statement-words/statement-words.ts';

const BOOKS: Readonly<Record<string, StatementWords>> = { en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi };

/** A statement of reasons as a person reads it. */
export interface PlainStatement {
  /** BCP 47 primary subtag. */
  readonly language: string;
  readonly title: string;
  /** Whole sentences, one thing each. */
  readonly sentences: readonly string[];
}

/**
 * The record in plain words, in the first language that the reader understands and we speak; English else (DSA, article 17(4): clear and easily
 * comprehensible). It names topics, never a rule, a word or a score.
 * @param appealableUntil null where nobody can appeal: a person will look anyway, or nobody here decided
 */
export function plainStatement(record: ReasonsRecord, appealableUntil: Date | null, acceptLanguage: string | undefined): PlainStatement {
  const language = preferredLanguage(acceptLanguage);
  const words = BOOKS[language] ?? en;
  const topics = topicsOf(record.categories, language);
  const sentences = [
    words.restriction[record.restriction],
    ...(topics.length === 0
      ? []
      : [words.about.replace('{topics}', () => topics.join(language === 'zh' || language === 'ja' ? '、' : ', '))]),
    words.found[record.source],
    words.decided[record.by === 'model' ? 'model' : record.decision],
    record.law === null
      ? words.terms.replace('{policy}', () => record.policy)
      : words.law.replace('{law}', () => (record.law === null ? '' : words.laws[record.law])),
    ...scopeOf(record, words, language),
    ...(appealableUntil === null ? [] : [words.appeal.replace('{date}', () => dateIn(language, appealableUntil)), words.elsewhere]),
  ];
  return { language, title: words.title, sentences };
}

function scopeOf(
  { restriction, endsOn = null }: ReasonsRecord,
  { scope, scopeUntil }: StatementWords,
  language: string,
): readonly string[] {
  if (restriction === 'awaits_person') return [];
  return [endsOn === null ? scope : scopeUntil.replace('{date}', () => dateIn(language, new Date(endsOn)))];
}

function dateIn(language: string, at: Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
}
