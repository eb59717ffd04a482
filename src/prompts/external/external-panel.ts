import type { Category } from '../../contracts/category.ts';
import type { Signal } from '../../contracts/finding.ts';
import { positiveText } from '../reading/positive-text.ts';
import { readPrompt } from '../reading/read-prompt.ts';
import type { PromptContext } from '../rules/facts.ts';
import { type Cascade, uncertainCategories } from './cascade.ts';
import type { Classification, ClassifyFailure } from './classification.ts';
import type { ClassifierUsage } from './classifier-usage.ts';
import type { FailureMode, FailureModeOf } from './failure-modes.ts';
import type { ExternalClassifier } from './guarded-classifier.ts';

/** A category that a classifier was to judge and could not. */
export interface Unjudged {
  readonly classifier: string;
  readonly category: Category;
  readonly cause: ClassifyFailure;
  readonly mode: FailureMode;
}

/** What the classifiers say about one prompt. `signals` is what was found, also where something else failed. */
export type Examination =
  | { readonly kind: 'not_asked'; readonly why: 'not_configured' | 'nothing_said' | 'certain' }
  | { readonly kind: 'examined'; readonly signals: readonly Signal[]; readonly unjudged: readonly Unjudged[] };

/** All external classifiers together. */
export interface ExternalPanel {
  /** Changes with every classifier and its model. */
  readonly version: string;
  readonly categories: readonly Category[];
  /** Rejects only when a local check throws. */
  examine(prompt: string, about?: ExamineOptions): Promise<Examination>;
  usage(): readonly ClassifierUsage[];
}

interface ExamineOptions {
  /** What the local rules may ask beside the text. */
  readonly context?: PromptContext;
  readonly signal?: AbortSignal;
}

interface PanelOptions {
  readonly classifiers: readonly ExternalClassifier[];
  readonly cascade: Cascade;
  readonly modeOf: FailureModeOf;
  /** The local checks, whose scores say what is uncertain. */
  readonly judge: (text: string, context?: PromptContext) => readonly Signal[];
  /** Told each time that a category passes unjudged because it is `open`. */
  readonly onOpen: (unjudged: Unjudged) => void;
}

/** Scores below this are noise of the service and stand in no record. */
const LEAST_SCORE = 0.01;

/** Asks every classifier that covers an uncertain category, all at once. */
export function createExternalPanel({ classifiers, cascade, modeOf, judge, onOpen }: PanelOptions): ExternalPanel {
  const versions = classifiers.map(({ name, version }) => `${name}=${version}`).join(',');
  return {
    version: `${cascade.low}-${cascade.high}${versions === '' ? '' : `,${versions}`}`,
    categories: [...new Set(classifiers.flatMap(({ categories }) => categories))],
    usage: () => classifiers.map((classifier) => classifier.usage()),
    async examine(prompt, { context, signal } = {}) {
      if (classifiers.length === 0) return { kind: 'not_asked', why: 'not_configured' };
      const text = positiveText(readPrompt(prompt));
      if (text === '') return { kind: 'not_asked', why: 'nothing_said' };
      const uncertain = uncertainCategories(judge(prompt, context), cascade);
      const asked = classifiers.filter(({ categories }) => categories.some((category) => uncertain.has(category)));
      if (asked.length === 0) return { kind: 'not_asked', why: 'certain' };
      const answers = await Promise.all(asked.map(async (classifier) => ({ classifier, answer: await classifier.classify(text, signal) })));
      const at = new Date();
      const unjudged = answers.flatMap(({ classifier, answer }) => unjudgedOf(classifier, answer, uncertain, (c) => modeOf(c, at)));
      for (const one of unjudged) if (one.mode === 'open') onOpen(one);
      const found = answers.flatMap(({ classifier, answer }) => signalsOf(classifier.name, answer));
      return { kind: 'examined', signals: [...found, ...unjudged.flatMap(openMark)], unjudged };
    },
  };
}

function unjudgedOf(
  { name, categories }: ExternalClassifier,
  answer: Classification,
  uncertain: ReadonlySet<Category>,
  modeOf: (category: Category) => FailureMode,
): Unjudged[] {
  if (answer.kind === 'scores') return [];
  return categories
    .filter((category) => uncertain.has(category))
    .map((category) => ({ classifier: name, category, cause: answer.cause, mode: modeOf(category) }));
}

function signalsOf(name: string, answer: Classification): Signal[] {
  if (answer.kind === 'failed') return [];
  return answer.scores
    .filter(({ score }) => score >= LEAST_SCORE)
    .map(({ category, score, label }) => ({ category, score, reason: `external:${name}:${label}` }));
}

/** No risk was found, and none was looked for: that stands in the record beside the others. */
function openMark({ classifier, category, mode }: Unjudged): Signal[] {
  return mode === 'open' ? [{ category, score: 0, reason: `external:${classifier}:open` }] : [];
}
