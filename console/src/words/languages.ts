import type { Book } from './words.ts';

/** The ten languages of the console. Only the reader's own is loaded beside English. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', load: null },
  de: { name: 'Deutsch', direction: 'ltr', load: async (): Promise<Book> => (await import('./de.ts')).de },
  fr: { name: 'Français', direction: 'ltr', load: async (): Promise<Book> => (await import('./fr.ts')).fr },
  es: { name: 'Español', direction: 'ltr', load: async (): Promise<Book> => (await import('./es.ts')).es },
  it: { name: 'Italiano', direction: 'ltr', load: async (): Promise<Book> => (await import('./it.ts')).it },
  pt: { name: 'Português', direction: 'ltr', load: async (): Promise<Book> => (await import('./pt.ts')).pt },
  nl: { name: 'Nederlands', direction: 'ltr', load: async (): Promise<Book> => (await import('./nl.ts')).nl },
  pl: { name: 'Polski', direction: 'ltr', load: async (): Promise<Book> => (await import('./pl.ts')).pl },
  ja: { name: '日本語', direction: 'ltr', load: async (): Promise<Book> => (await import('./ja.ts')).ja },
  ar: { name: 'العربية', direction: 'rtl', load: async (): Promise<Book> => (await import('./ar.ts')).ar },
} as const;

export type Language = keyof typeof LANGUAGES;

export function isLanguage(tag: unknown): tag is Language {
  return typeof tag === 'string' && Object.hasOwn(LANGUAGES, tag);
}

/** The first of the wishes that there is a book for; English if none. */
export function pickLanguage(wishes: readonly (string | null)[]): Language {
  for (const wish of wishes) {
    const tag = wish?.split('-')[0]?.toLowerCase();
    if (isLanguage(tag)) return tag;
  }
  return 'en';
}
