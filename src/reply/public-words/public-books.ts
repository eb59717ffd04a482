import { ar, zh } from './chinese-and-arabic.ts';
import { en } from './english.ts';
import { fr, it } from './french-and-italian.ts';
import { de, nl } from './german-and-dutch.ts';
import { ja, ko } from './japanese-and-korean.ts';
import type { PublicWords } from './public-words.ts';
import { pl, ru } from './slavic.ts';
import { es, pt } from './spanish-and-portuguese.ts';
import { hi, tr } from './turkish-and-hindi.ts';

const ALL = { en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi };

/** By language. */
export const BOOKS: Readonly<Record<string, PublicWords>> & { readonly en: PublicWords } = ALL;
