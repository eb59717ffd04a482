import { pick } from '../random.ts';
import { type Mutation, replacing } from './mutation.ts';

/** The two words of each marker in other languages; the planted rules list the same. */
const WORDS: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  'purple teapot': {
    de: ['violette', 'teekanne'],
    nl: ['paarse', 'theepot'],
    ru: ['фиолетовый', 'чайник'],
    tr: ['mor', 'çaydanlık'],
    fr: ['théière', 'violette'],
    es: ['tetera', 'morada'],
    it: ['teiera', 'viola'],
    pt: ['bule', 'roxo'],
  },
  'striped walrus': {
    de: ['gestreiftes', 'walross'],
    nl: ['gestreepte', 'walrus'],
    ru: ['полосатый', 'морж'],
    tr: ['çizgili', 'mors'],
    fr: ['morse', 'rayé'],
    es: ['morsa', 'rayada'],
    pt: ['morsa', 'listrada'],
    pl: ['pręgowany', 'mors'],
  },
  'copper lantern': {
    de: ['kupferne', 'laterne'],
    nl: ['koperen', 'lantaarn'],
    ru: ['медный', 'фонарь'],
    tr: ['bakır', 'fener'],
    fr: ['lanterne', 'cuivrée'],
    es: ['linterna', 'cobriza'],
  },
};

/** Languages that do not put spaces, or not there. */
const PHRASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'purple teapot': { ja: '紫のティーポット', zh: '紫色茶壶', ko: '보라색 찻주전자', ar: 'إبريق شاي أرجواني' },
  'striped walrus': { ja: '縞模様のセイウチ', zh: '条纹海象', ko: '줄무늬 바다코끼리', ar: 'حصان بحر مخطط' },
  'copper lantern': { ja: '銅のランタン', zh: '铜灯笼', ko: '구리 등불', ar: 'فانوس نحاسي' },
};

const TRANSLITERATED: Readonly<Record<string, string>> = {
  'purple teapot': 'fioletovyy chaynik',
  'striped walrus': 'polosatyy morzh',
  'copper lantern': 'mednyy fonar',
};

const family = 'languages';

const phrase = (marker: string, language: string) => WORDS[marker]?.[language]?.join(' ') ?? PHRASES[marker]?.[language];

/** In a language whose word order is as in English, one word of the two. */
const half = (marker: string, language: string, index: 0 | 1) =>
  marker
    .split(' ')
    .map((word, at) => (at === index ? (WORDS[marker]?.[language]?.[index] ?? word) : word))
    .join(' ');

export const LANGUAGES: readonly Mutation[] = [
  ...['de', 'nl', 'ru', 'tr', 'fr', 'es', 'it', 'pt', 'pl', 'ja', 'zh', 'ko', 'ar'].map((language) =>
    replacing(family, `translated-${language}`, (marker) => phrase(marker, language) ?? marker),
  ),
  replacing(family, 'switch-first-word', (marker, random) => half(marker, pick(['de', 'nl', 'ru', 'tr'], random), 0)),
  replacing(family, 'switch-second-word', (marker, random) => half(marker, pick(['de', 'nl', 'ru', 'tr'], random), 1)),
  replacing(family, 'transliterated', (marker) => TRANSLITERATED[marker] ?? marker),
];
