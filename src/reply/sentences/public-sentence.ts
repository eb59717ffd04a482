import type { Category } from '../../contracts/category.ts';
import { wishedLanguages } from '../wished-languages.ts';
import { ar, hi, ja, ko, zh } from './asian-and-arabic.ts';
import { de, en, nl } from './germanic.ts';
import { es, fr, it, pt } from './romance.ts';
import type { SentenceBook } from './sentence-book.ts';
import { pl, ru, tr } from './slavic-and-turkic.ts';

const BOOKS: Readonly<Record<string, SentenceBook>> = { en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi };

/** Languages that end users are answered in, as BCP 47 primary subtags. */
export const LANGUAGES: readonly string[] = Object.keys(BOOKS);

export interface PublicSentence {
  readonly language: string;
  readonly text: string;
}

/** Named first when several categories apply: what weighs most must not hide behind what weighs less. */
const GRAVEST_FIRST: readonly Category[] = [
  'sexual_minors',
  'known_bad',
  'ncii_undress',
  'self_harm',
  'extremism',
  'sexual',
  'violence_gore',
  'hate',
  'fraud_id_documents',
  'illegal_goods',
  'medical_dangerous',
  'political_disinformation',
  'real_person_likeness',
  'ip',
  'unsafe_file',
  'brand_safety',
];

interface Refusal {
  readonly categories: readonly Category[];
  readonly held: boolean;
  readonly mayRephrase: boolean;
}

/**
 * What an end user is told, in the first of the languages that they understand and we speak; English else. It names one topic and no
 * rule, word or score. Null when no category is known: an invented reason would be worse than none.
 */
export function publicSentence({ categories, held, mayRephrase }: Refusal, acceptLanguage: string | undefined): PublicSentence | null {
  const category = GRAVEST_FIRST.find((one) => categories.includes(one));
  if (category === undefined) return null;
  const language = preferredLanguage(acceptLanguage);
  const book = BOOKS[language] ?? en;
  const first = (held ? book.held : book.refused).replace('{topic}', () => book.topics[category]);
  return { language, text: mayRephrase && !held ? `${first} ${book.rephrase}` : first };
}

/** What the categories are about, the gravest first, in one of `LANGUAGES`. */
export function topicsOf(categories: readonly Category[], language: string): readonly string[] {
  const { topics } = BOOKS[language] ?? en;
  return GRAVEST_FIRST.filter((one) => categories.includes(one)).map((one) => topics[one]);
}

/** The first of `LANGUAGES` that somebody understands; English else. */
export function preferredLanguage(acceptLanguage: string | undefined): string {
  return wishedLanguages(acceptLanguage).find((tag) => Object.hasOwn(BOOKS, tag)) ?? 'en';
}
