/** Kinds of personal data that a text may not hold when it is published. */
export type PersonalData =
  | 'e-mail address'
  | 'web address'
  | 'account name'
  | 'network address'
  | 'bank account'
  | 'number of a person'
  | 'date of birth'
  | 'street address'
  | 'place'
  | 'name'
  | 'our id of a person';

const STREET =
  'street|st\\.|road|rd\\.|avenue|ave\\.?|lane|drive|boulevard|blvd\\.?|square|rue|chemin|impasse|via|viale|piazza|calle|avenida|plaza|rua|travessa|laan|plein|gracht';
const STREET_ENDING = '(?:straße|strasse|str\\.|weg|gasse|platz|allee|straat|weg|laan|plein|gracht|ulica|sokak|caddesi)';
const HONORIFIC =
  'mr|mrs|ms|miss|mx|dr|prof|sir|lady|lord|herr|frau|hr|fr|dhr|mevr|mw|monsieur|madame|mme|mlle|señor|señora|sr|sra|srta|senhor|senhora|signor|signora|sig|pan|pani|bay|bayan|shri|smt|г-н|г-жа|господин|госпожа|السيد|السيدة|श्री|श्रीमती';

/**
 * Wide on purpose: a false alarm leaves a sentence out of a public register, a miss publishes somebody. Two capitalized words beside each other
 * count as a name, whatever they are; `NO_NAMES` holds what our own sentences say.
 */
const PATTERNS: readonly (readonly [PersonalData, RegExp])[] = [
  ['e-mail address', /[\p{L}\d._%+-]+\s?(?:@|\(at\)|\[at\]|＠)\s?[\p{L}\d-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\p{L}]{2,})+/iu],
  ['e-mail address', /\b[\w.-]+ at [\w-]+ dot [a-z]{2,}\b/iu],
  [
    'web address',
    /\b(?:https?:\/\/|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|me|de|fr|es|it|nl|pl|eu|uk|co|app|tv|ru|tr|jp|kr|cn|in|br)\b(?:\/\S*)?/iu,
  ],
  ['account name', /(?:^|[^\p{L}\d@.])@[\p{L}\d_.]{2,}/iu],
  [
    'account name',
    /\b(?:user ?name|handle|nickname|account|profile|screen ?name)\b\s*(?:is|was|named|called|:|=)\s*["'“]?[\p{L}\d_.-]{3,}/iu,
  ],
  ['network address', /\b(?:\d{1,3}\.){3}\d{1,3}\b/u],
  ['network address', /\b(?:[\da-f]{1,4}:){3,7}[\da-f]{0,4}|\b[\da-f]{1,4}(?::[\da-f]{1,4})*::(?:[\da-f]{1,4})?/iu],
  ['network address', /\b(?:[\da-f]{2}[:-]){5}[\da-f]{2}\b/iu],
  ['bank account', /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/u],
  ['date of birth', /\b(?:born|birth|birthday|geboren|geburtsdatum|née?|nacid[oa]|nat[oa] il|doğum)\b.{0,24}\d/iu],
  ['date of birth', /\b\d{1,2}[./]\s?\d{1,2}[./]\s?(?:19|20)?\d{2}\b/u],
  ['street address', new RegExp(`\\b\\d{1,5}[a-z]?,? (?:\\p{L}[\\p{L}'.-]* ){0,3}(?:${STREET})(?![\\p{L}])`, 'iu')],
  ['street address', new RegExp(`(?:^|[^\\p{L}])(?:${STREET}) (?:\\p{L}[\\p{L}'.-]* ){1,5}\\d{1,4}`, 'iu')],
  ['street address', new RegExp(`\\p{L}+[ -]?${STREET_ENDING} ?\\d{1,4}`, 'iu')],
  ['street address', /\bP\.? ?O\.? Box \d+/iu],
  ['place', /-?\d{1,3}\.\d{3,},\s*-?\d{1,3}\.\d{3,}/u],
  ['name', new RegExp(`(?:^|[^\\p{L}])(?:${HONORIFIC})\\.? +\\p{L}\\p{L}+`, 'iu')],
  ['name', /\p{L}{2,}(?:さん|様|氏|씨|님|先生|女士|小姐)/u],
  ['name', /\b(?:named?|called|name is|heißt|s'appelle|se llama|si chiama)\b:? +\p{Lu}\p{L}+/u],
  [
    'name',
    /(?<![\p{L}\p{M}])\p{Lu}[\p{L}\p{M}'’]+(?:-\p{Lu}[\p{L}\p{M}]+)?(?: (?:van|von|de|der|den|del|della|di|da|dos|la|le|bin|ibn|al|el))* \p{Lu}(?:[\p{L}\p{M}'’]+|\.)/u,
  ],
  ['our id of a person', /\b(?:user|key|person|entry)_[0-9a-z]{10,}/iu],
];

/** Eight digits and more that belong together, with what people write between them: telephones, cards, passports, taxes, insurance. */
const NUMBER = /(?<![\p{L}\d_-])\+?\(?\d(?:[ ()./-]{0,2}\d){7,}/gu;
/** Days as we write them, and numbers of laws such as 2022/2065. */
const NO_NUMBER = /\b20\d\d-[01]\d-[0-3]\d\b|\b(?:19|20)\d\d\/\d{1,4}\b/gu;
const SOCIAL_SECURITY = /\b\d{3}-\d{2}-\d{4}\b/u;
const LETTERED_NUMBER =
  /\b(?:passport|ausweis|licen[cs]e|tax|steuer|insurance|ssn|nif|dni|nie|pesel|bsn|cpf|aadhaar|plate)\b.{0,20}\d{3,}/iu;

const NO_NAMES =
  /\b(?:Digital Services Act|Transparency Database|European Union|United States|United Kingdom|Take It Down Act|Member States?|Directive|Regulation|Online Safety Act|Trusted Flagger|Terms (?:of|and) (?:Service|Use|Conditions))\b/gu;

/** The kinds of personal data that a text seems to hold, each once. */
export function personalDataIn(text: string): readonly PersonalData[] {
  const plain = text.normalize('NFKC').replace(NO_NAMES, 'x').replace(NO_NUMBER, 'x');
  const found = PATTERNS.filter(([, pattern]) => pattern.test(plain)).map(([kind]) => kind);
  const isNumber = SOCIAL_SECURITY.test(plain) || LETTERED_NUMBER.test(plain) || plain.search(NUMBER) >= 0;
  return [...new Set<PersonalData>(isNumber ? [...found, 'number of a person'] : found)];
}
