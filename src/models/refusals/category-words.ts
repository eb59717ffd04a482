import type { Category } from '../../contracts/category.ts';

const MAX_WORDS = 16;
/** A category name; a sentence or an echoed prompt does not fit. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9 _/.:-]{0,63}$/;

/**
 * Upstream category words → ours (research table "Taxonomy mapping": OpenAI omni, Azure, Gemini, fal, BFL). Keys are
 * lower case with `-` for spaces and underscores. A word that is not here stays an upstream word only.
 */
const CATEGORY_OF: ReadonlyMap<string, Category> = new Map<string, Category>([
  ['sexual', 'sexual'],
  ['nudity', 'sexual'],
  ['nsfw', 'sexual'],
  ['sexually-explicit', 'sexual'],
  ['harm-category-sexually-explicit', 'sexual'],
  ['sexual/minors', 'sexual_minors'],
  ['csam', 'sexual_minors'],
  ['csae', 'sexual_minors'],
  ['child-sexual-abuse', 'sexual_minors'],
  ['violence', 'violence_gore'],
  ['violence/graphic', 'violence_gore'],
  ['gore', 'violence_gore'],
  ['hate', 'hate'],
  ['hate/threatening', 'hate'],
  ['harassment', 'hate'],
  ['harassment/threatening', 'hate'],
  ['harm-category-hate-speech', 'hate'],
  ['harm-category-harassment', 'hate'],
  ['self-harm', 'self_harm'],
  ['selfharm', 'self_harm'],
  ['self-harm/intent', 'self_harm'],
  ['self-harm/instructions', 'self_harm'],
  ['illicit', 'illegal_goods'],
  ['illicit/violent', 'extremism'],
  ['extremism', 'extremism'],
  ['terrorism', 'extremism'],
  ['harm-category-civic-integrity', 'political_disinformation'],
  ['protected-material-text', 'ip'],
  ['protected-material-code', 'ip'],
  ['copyright', 'ip'],
  ['derivative-works-filter', 'ip'],
  ['image-recitation', 'ip'],
  ['recitation', 'ip'],
  ['public-figure', 'real_person_likeness'],
  ['celebrity', 'real_person_likeness'],
]);

/** The words that can be category names, without doubles, at most 16. */
export function cleanWords(words: readonly unknown[]): readonly string[] {
  const texts = words.filter((word): word is string => typeof word === 'string').map((word) => word.trim());
  return [...new Set(texts.filter((word) => WORD.test(word)))].slice(0, MAX_WORDS);
}

/** Our categories for the words that have one. */
export function categoriesOf(words: readonly string[]): readonly Category[] {
  const found = words.map((word) => CATEGORY_OF.get(word.toLowerCase().replace(/[ _]+/g, '-')));
  return [...new Set(found.filter((category) => category !== undefined))];
}
