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

/**
 * One moderation result: OpenAI's categories and ours under their own names. Nothing here has thresholds of its own: it is
 * flagged when the policy would not let it pass, and a category is true when a rule, threshold or floor that stops it names it.
 */
export function moderationResult(findings: readonly Finding[], { action, rules }: Pick<Verdict, 'action' | 'rules'>): ModerationResult {
  const said = peaksOf(findings);
  for (const hit of rules) if (stops(hit.action)) for (const category of hit.categories) peakOf(said, category).isStopped = true;
  const categories: Record<string, boolean> = {};
  const scores: Record<string, number> = {};
  const types: Record<string, readonly string[]> = {};
  for (const [name, ours] of NAMES) {
    const { score, isStopped, ofText, ofImage } = strongest(ours, said);
    categories[name] = isStopped;
    scores[name] = score;
    types[name] = TYPES[(ofText ? 1 : 0) + (ofImage ? 2 : 0)] ?? [];
  }
  return { flagged: stops(action), categories, category_scores: scores, category_applied_input_types: types };
}

const stops = (action: Action) => action === 'hold' || action === 'block';
const TYPES: readonly (readonly string[])[] = [[], ['text'], ['image'], ['text', 'image']];

/** What was said of one category, or of several together. */
interface Said {
  score: number;
  isStopped: boolean;
  ofText: boolean;
  ofImage: boolean;
}

const nothingSaid = (): Said => ({ score: 0, isStopped: false, ofText: false, ofImage: false });
const NOTHING: Readonly<Said> = nothingSaid();

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
