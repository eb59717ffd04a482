import { CATEGORIES, type Category } from '../contracts/category.ts';
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

const FLAGGED_FROM = 0.5;

export interface ModerationResult {
  readonly flagged: boolean;
  readonly categories: Readonly<Record<string, boolean>>;
  readonly category_scores: Readonly<Record<string, number>>;
  readonly category_applied_input_types: Readonly<Record<string, readonly string[]>>;
}

/** One moderation result: OpenAI's categories and ours under their own names. `stopped`: the policy would not let it pass. */
export function moderationResult(findings: readonly Finding[], stopped: boolean): ModerationResult {
  const signals = findings.flatMap((finding) =>
    finding.kind === 'signals'
      ? finding.signals.map((signal) => ({ ...signal, type: finding.subject.kind === 'prompt' ? 'text' : 'image' }))
      : [],
  );
  const wanted: Record<string, readonly Category[]> = { ...OPENAI_CATEGORIES };
  for (const category of CATEGORIES) wanted[category] ??= [category];
  const rows = Object.entries(wanted).map(([name, ours]) => {
    const about = signals.filter(({ category }) => ours.includes(category));
    return { name, score: Math.max(0, ...about.map(({ score }) => score)), types: [...new Set(about.map(({ type }) => type))] };
  });
  return {
    flagged: stopped,
    categories: Object.fromEntries(rows.map(({ name, score }) => [name, score >= FLAGGED_FROM])),
    category_scores: Object.fromEntries(rows.map(({ name, score }) => [name, score])),
    category_applied_input_types: Object.fromEntries(rows.map(({ name, types }) => [name, types])),
  };
}
