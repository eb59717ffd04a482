/** Cyrillic and Greek letters that look like Latin ones, by look and not by sound. */
const CONFUSABLES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  п: 'n',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  ц: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  н: 'h',
  з: '3',
  α: 'a',
  β: 'b',
  ϲ: 'c',
  δ: 'd',
  ε: 'e',
  γ: 'y',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  ς: 'c',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  μ: 'u',
};

/** Digits and signs that stand for letters. `1` and `!` have two readings. */
const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '€': 'e',
  '+': 't',
};
const LEET_SECOND: Readonly<Record<string, string>> = { ...LEET, '1': 'l', '!': 'l' };

/**
 * Other readings of a folded word, likeliest first: Latin for its look-alikes, letters for its digits and signs,
 * stretched letters shortened. Empty for a word without tricks. They are only ever compared with words of the rules,
 * so a reading that means nothing does no harm.
 */
export function otherReadings(word: string): readonly string[] {
  if (!TRICKY.test(word)) return NONE;
  const readings = new Set<string>();
  const latin = NOT_ASCII.test(word) ? replaceEach(word, CONFUSABLES) : word;
  const bases = LEET_SIGN.test(latin) && LATIN.test(latin) ? [latin, replaceEach(latin, LEET), replaceEach(latin, LEET_SECOND)] : [latin];
  for (const base of bases) {
    readings.add(base);
    if (!STRETCHED.test(base)) continue;
    readings.add(base.replace(STRETCHES, '$1'));
    readings.add(base.replace(STRETCHES, '$1$1'));
  }
  readings.delete(word);
  return [...readings];
}

const NONE: readonly string[] = [];
/** Anything that one of the readings below would change. */
const TRICKY = /[^a-z]|(.)\1\1/u;
const NOT_ASCII = /[^\0-\x7f]/;
const LATIN = /[a-z]/;
const LEET_SIGN = /[013457-9@$!|€+]/;
const STRETCHED = /(.)\1\1/u;
const STRETCHES = /(.)\1{2,}/gu;

function replaceEach(word: string, table: Readonly<Record<string, string>>): string {
  let replaced = '';
  for (const char of word) replaced += table[char] ?? char;
  return replaced;
}

/** True for a sign that can stand for a letter inside a word, such as `@`. */
export function isLetterSign(sign: string): boolean {
  return sign.length === 1 && LEET[sign] !== undefined;
}
