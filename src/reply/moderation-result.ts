import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Action, Verdict } from '../contracts/decision.ts';
import type { Finding } from '../contracts/finding.ts';

/** OpenAI's thirteen categories, and which of ours speak to them; the others have no counterpart there. */
const OPENAI_CATEGORIES: Readonly<Record<string, readonly Category[]>> = {
  sexual: ['sexual', 'sexual_minors', 'ncii_undress'],
  'sexual/minors': ['sexual_minors'],
  harassment: ['ncii_undress'],
  'harassment/threatening': [],
  hate: ['hate'],
  'hate/threatening': [],
  illicit: ['illegal_goods', 'fraud_id_documents', 'medical_dangerous'],
  'illicit/violent': ['extremism'],
  'self-harm': ['self_harm'],
  'self-harm/intent': [],
  'self-harm/instructions': [],
  violence: ['violence_gore'],
  'violence/graphic': ['violence_gore'],
};

export interface ModerationResult {
  readonly flagged: boolean;
  readonly categories: Readonly<Record<string, boolean>>;
  readonly category_scores: Readonly<Record<string, number>>;
  readonly category_applied_input_types: Readonly<Record<string, readonly string[]>>;
}

/** Every name of the answer, and which of our categories speak to it. */
const NAMES: readonly (readonly [string, readonly Category[]])[] = [
  ...Object.entries(OPENAI_CATEGORIES),
  ...CATEGORIES.filter((category) => !Object.hasOwn(OPENAI_CATEGORIES, category)).map((category) => [category, [category]] as const),
];

type Judged = Pick<Verdict, 'action' | 'rules'>;

/**
 * One moderation result: OpenAI's categories and ours under their own names. Nothing here has thresholds of its own: it is
 * flagged when the policy would not let it pass, and a category is true when a rule, threshold or floor that stops it names it.
 */
export function moderationResult(findings: readonly Finding[], judged: Judged): ModerationResult {
  const said = saidOf(findings, judged);
  const categories: Record<string, boolean> = {};
  const scores: Record<string, number> = {};
  const types: Record<string, readonly string[]> = {};
  for (const [name, ours] of NAMES) {
    const one = strongest(ours, said);
    categories[name] = one.isStopped;
    scores[name] = one.score;
    types[name] = TYPES[typesOf(one)] ?? [];
  }
  return { flagged: stops(judged.action), categories, category_scores: scores, category_applied_input_types: types };
}

/** The same as JSON, written at once: thousands of texts a second go through here, and all answers have the same names. */
export function moderationJson(findings: readonly Finding[], judged: Judged): string {
  const said = saidOf(findings, judged);
  let [categories, scores, types] = ['', '', ''];
  for (const [at, [, ours]] of NAMES.entries()) {
    const key = KEYS[at] ?? '';
    const one = strongest(ours, said);
    categories += key + one.isStopped;
    scores += key + one.score;
    types += key + (TYPES_JSON[typesOf(one)] ?? '[]');
  }
  const flagged = stops(judged.action);
  return `{"flagged":${flagged},"categories":{${categories}},"category_scores":{${scores}},"category_applied_input_types":{${types}}}`;
}

const stops = (action: Action) => action === 'hold' || action === 'block';
const TYPES: readonly (readonly string[])[] = [[], ['text'], ['image'], ['text', 'image']];
const TYPES_JSON = TYPES.map((types) => JSON.stringify(types));
/** The names as they stand in a JSON object: all but the first behind a comma. */
const KEYS = NAMES.map(([name], at) => `${at === 0 ? '' : ','}${JSON.stringify(name)}:`);
const typesOf = ({ ofText, ofImage }: Readonly<Said>) => (ofText ? 1 : 0) + (ofImage ? 2 : 0);

/** What was said of one category, or of several together. */
interface Said {
  score: number;
  isStopped: boolean;
  ofText: boolean;
  ofImage: boolean;
}

const nothingSaid = (): Said => ({ score: 0, isStopped: false, ofText: false, ofImage: false });
const NOTHING: Readonly<Said> = nothingSaid();

/** What was said of each category, and which of them a rule names that stops the text. */
function saidOf(findings: readonly Finding[], { rules }: Judged): Map<Category, Said> {
  const said = peaksOf(findings);
  for (const hit of rules) if (stops(hit.action)) for (const category of hit.categories) peakOf(said, category).isStopped = true;
  return said;
}

function peakOf(said: Map<Category, Said>, category: Category): Said {
  const known = said.get(category);
  if (known !== undefined) return known;
  const fresh = nothingSaid();
  said.set(category, fresh);
  return fresh;
}

function peaksOf(findings: readonly Finding[]): Map<Category, Said> {
  const said = new Map<Category, Said>();
  for (const finding of findings) {
    if (finding.kind !== 'signals') continue;
    for (const { category, score } of finding.signals) {
      const peak = peakOf(said, category);
      peak.score = Math.max(peak.score, score);
      if (finding.subject.kind === 'prompt') peak.ofText = true;
      else peak.ofImage = true;
    }
  }
  return said;
}

function strongest(ours: readonly Category[], said: ReadonlyMap<Category, Said>): Readonly<Said> {
  const [first] = ours;
  if (first === undefined) return NOTHING;
  if (ours.length === 1) return said.get(first) ?? NOTHING;
  const together = nothingSaid();
  for (const category of ours) {
    const { score, isStopped, ofText, ofImage } = said.get(category) ?? NOTHING;
    together.score = Math.max(together.score, score);
    together.isStopped ||= isStopped;
    together.ofText ||= ofText;
    together.ofImage ||= ofImage;
  }
  return together;
}
