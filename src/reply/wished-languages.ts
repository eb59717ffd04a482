/** Longer headers are cut: nobody speaks that many languages. */
const MAX_CHARS = 500;

/**
 * The languages of an `Accept-Language` header as lower-case primary subtags, the most wanted first. RFC 9110 §12.5.4: quality
 * values from 0 to 1, 0 meaning "not this one". Anything malformed counts as absent, and so does `*`.
 */
export function wishedLanguages(acceptLanguage = ''): string[] {
  return acceptLanguage
    .slice(0, MAX_CHARS)
    .split(',')
    .map((wish) => /^\s*([a-z]{1,8})(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/i.exec(wish))
    .flatMap((found) => (found === null ? [] : [{ tag: (found[1] ?? '').toLowerCase(), weight: Number(found[2] ?? 1) }]))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
}

/** The first of them as a member of what checks are told, when it is an ISO 639 code; nothing else. */
export function languageIn(acceptLanguage: string | undefined): { readonly language?: string } {
  const language = wishedLanguages(acceptLanguage).find((tag) => tag.length === 2 || tag.length === 3);
  return language === undefined ? {} : { language };
}
