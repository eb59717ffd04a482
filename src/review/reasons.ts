import { CATEGORIES, type Category } from '../contracts/category.ts';

/** A reason code with what it says. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  /** Why nothing is wrong, or why something is. */
  readonly side: 'for' | 'against';
}

const FOR: readonly Reason[] = [
  { code: 'false_alarm', text: 'The check was wrong: nothing of the kind is there.', side: 'for' },
  { code: 'context_allows', text: 'The context makes it harmless.', side: 'for' },
  { code: 'consent_shown', text: 'The person shown agreed.', side: 'for' },
  { code: 'news_or_satire', text: 'News, art, education or satire.', side: 'for' },
  { code: 'not_a_real_person', text: 'Nobody real is shown.', side: 'for' },
];

const AGAINST: Readonly<Record<Category, string>> = {
  sexual: 'Sexual content that the policy does not allow.',
  sexual_minors: 'A minor in a sexual context.',
  ncii_undress: 'Somebody is undressed without their consent.',
  real_person_likeness: 'A real person is shown who did not agree.',
  political_disinformation: 'A false political claim.',
  hate: 'Hate against a group of people.',
  violence_gore: 'Violence or gore that the policy does not allow.',
  self_harm: 'It shows or encourages self-harm.',
  extremism: 'It supports a violent movement.',
  illegal_goods: 'Goods or services that are against the law.',
  ip: 'A protected work or mark.',
  fraud_id_documents: 'A forged document, or a means of fraud.',
  medical_dangerous: 'Dangerous medical content.',
  brand_safety: 'It does not fit where it would be shown.',
  known_bad: 'It is on a list of known content.',
  unsafe_file: 'The file attacks whoever opens it.',
};

/** Codes that fit a case, those of its own categories first. */
export function reasonsFor(categories: readonly Category[]): readonly Reason[] {
  const against = CATEGORIES.toSorted((a, b) => Number(categories.includes(b)) - Number(categories.includes(a)));
  return [...against.map((code): Reason => ({ code, text: AGAINST[code], side: 'against' })), ...FOR];
}
