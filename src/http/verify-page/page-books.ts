import { wishedLanguages } from '../../reply/wished-languages.ts';
import { ar, hi, ja, ko, zh } from './asian-and-arabic.ts';
import { de, en, nl } from './germanic.ts';
import type { PageWords } from './page-words.ts';
import { es, fr, it, pt } from './romance.ts';
import { pl, ru, tr } from './slavic-and-turkic.ts';

const BOOKS: ReadonlyMap<string, PageWords> = new Map(Object.entries({ en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi }));

export interface PageBook {
  /** BCP 47 primary subtag. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: PageWords;
}

/** The first language that the reader understands and the page speaks; English else. */
export function pageBook(acceptLanguage: string | undefined): PageBook {
  const language = wishedLanguages(acceptLanguage).find((tag) => BOOKS.has(tag)) ?? 'en';
  return { language, direction: language === 'ar' ? 'rtl' : 'ltr', words: BOOKS.get(language) ?? en };
}
