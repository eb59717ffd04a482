import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Action, Verdict } from '../contracts/decision.ts';
import type { Finding } from '../contracts/finding.ts';
import { remembered } from '../prompts/remembered.ts';

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

/** A name of the answer, and which of our categories speak to it: by their places in `CATEGORIES`, and as bits. */
interface Name {
  readonly name: string;
  readonly places: readonly number[];
  readonly bits: number;
}

/** Every name of the answer. */
const NAMES: readonly Name[] = [
  ...Object.entries(OPENAI_CATEGORIES),
  ...CATEGORIES.filter((category) => !Object.hasOwn(OPENAI_CATEGORIES, category)).map((category) => [category, [category]] as const),
].map(([name, ours]) => {
  const places = ours.map((category) => CATEGORIES.indexOf(category));
  return { name, places, bits: places.reduce((bits, place) => bits | (1 << place), 0) };
});

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
  for (const { name, places, bits } of NAMES) {
    categories[name] = (said.stopped & bits) !== 0;
    scores[name] = strongest(places, said);
    types[name] = TYPES[typesOf(said, bits)] ?? [];
  }
  return { flagged: stops(judged.action), categories, category_scores: scores, category_applied_input_types: types };
}

/** The same as JSON, written at once: thousands of texts a second go through here, and all answers have the same names. */
export function moderationJson(findings: readonly Finding[], judged: Judged): string {
  const said = saidOf(findings, judged);
  let scores = '';
  for (const [at, { places }] of NAMES.entries()) scores += `${KEYS[at] ?? ''}${strongest(places, said)}`;
  const categories = categoriesJson(String(said.stopped));
  const types = typesJson(`${said.byText} ${said.byImage}`);
  return `{"flagged":${stops(judged.action)},"categories":{${categories}},"category_scores":{${scores}},"category_applied_input_types":{${types}}}`;
}

const stops = (action: Action) => action === 'hold' || action === 'block';
const TYPES: readonly (readonly string[])[] = [[], ['text'], ['image'], ['text', 'image']];
const TYPES_JSON = TYPES.map((types) => JSON.stringify(types));
/** The names as they stand in a JSON object: all but the first behind a comma. */
const KEYS = NAMES.map(({ name }, at) => `${at === 0 ? '' : ','}${JSON.stringify(name)}:`);
const typesOf = ({ byText, byImage }: Pick<Said, 'byText' | 'byImage'>, bits: number) =>
  ((byText & bits) === 0 ? 0 : 1) + ((byImage & bits) === 0 ? 0 : 2);

/** What stands between the braces, for the categories of these bits; most texts have the same few. */
const categoriesJson = remembered((stopped) => NAMES.map(({ bits }, at) => `${KEYS[at] ?? ''}${(Number(stopped) & bits) !== 0}`).join(''));
const typesJson = remembered((spoken) => {
  const [byText = 0, byImage = 0] = spoken.split(' ').map(Number);
  return NAMES.map(({ bits }, at) => `${KEYS[at] ?? ''}${TYPES_JSON[typesOf({ byText, byImage }, bits)] ?? '[]'}`).join('');
});

/** What was said of all categories: scores by their places in `CATEGORIES`; the others a bit for each. */
interface Said {
  readonly scores: number[];
  /** A rule that stops the text names it. */
  stopped: number;
  byText: number;
  byImage: number;
}

function saidOf(findings: readonly Finding[], { rules }: Judged): Said {
  const said: Said = { scores: CATEGORIES.map(() => 0), stopped: 0, byText: 0, byImage: 0 };
  for (const hit of rules) if (stops(hit.action)) for (const category of hit.categories) said.stopped |= bitOf(category);
  for (const finding of findings) if (finding.kind === 'signals') take(finding, said);
  return said;
}

function take({ subject, signals }: Extract<Finding, { readonly kind: 'signals' }>, said: Said): void {
  let bits = 0;
  for (const { category, score } of signals) {
    const place = PLACES.get(category) ?? 0;
    said.scores[place] = Math.max(said.scores[place] ?? 0, score);
    bits |= 1 << place;
  }
  if (subject.kind === 'prompt') said.byText |= bits;
  else said.byImage |= bits;
}

const PLACES: ReadonlyMap<Category, number> = new Map(CATEGORIES.map((category, place) => [category, place]));
const bitOf = (category: Category) => 1 << (PLACES.get(category) ?? 0);

function strongest(places: readonly number[], { scores }: Said): number {
  let score = 0;
  for (const place of places) score = Math.max(score, scores[place] ?? 0);
  return score;
}
