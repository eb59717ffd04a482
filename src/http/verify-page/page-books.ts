import { wishedLanguages } from '../../reply/wished-languages.ts';
import { ar, hi, ja, ko, zh } from './asian-and-arabic.ts';
import { de, en, nl } from './germanic.ts';
import { EUROPEAN, en as enMark } from './mark/european.ts';
import type { MarkWords } from './mark/mark-words.ts';
import { OTHER_FAMILIES } from './mark/other-families.ts';
import type { PageWords } from './page-words.ts';
import { es, fr, it, pt } from './romance.ts';
import { pl, ru, tr } from './slavic-and-turkic.ts';

const BOOKS: ReadonlyMap<string, PageWords> = new Map(Object.entries({ en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi }));

const MARKS: ReadonlyMap<string, MarkWords> = new Map(Object.entries({ ...EUROPEAN, ...OTHER_FAMILIES }));

export interface PageBook {
  /** BCP 47 primary subtag. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly words: PageWords;
  readonly mark: MarkWords;
}

/** The first language that the reader understands and the page speaks; English else. */
export function pageBook(acceptLanguage: string | undefined): PageBook {
  const language = wishedLanguages(acceptLanguage).find((tag) => BOOKS.has(tag)) ?? 'en';
  const direction = language === 'ar' ? 'rtl' : 'ltr';
  return { language, direction, words: BOOKS.get(language) ?? en, mark: MARKS.get(language) ?? enMark };
}
