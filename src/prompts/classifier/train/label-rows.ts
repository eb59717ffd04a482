import { HEADS, type Labels, labels } from './heads.ts';
import type { Row } from './read-rows.ts';

/** What a row teaches, and how loudly. */
export interface Lesson {
  readonly labels: Labels;
  readonly weight: number;
}

/**
 * Sources whose licence allows weights, with the weight of a row. Share-alike sources (told-br, korean-hate, Universal
 * Dependencies) and anything not named here only ever measure.
 */
const SOURCES: Readonly<Record<string, number>> = {
  partiprompts: 1,
  drawbench: 1,
  paintskills: 0.2,
  'coco-captions': 0.7,
  't2i-compbench': 0.4,
  geneval: 0.3,
  'dsg-1k': 1,
  'imagereward-bench': 1,
  'flowgrpo-ocr': 1,
  'sneakyprompt-animal': 0.5,
  'diffusiondb-imagereward': 1,
  'artist-style-prompts': 0.3,
  'overt-benign': 3,
  'overt-unsafe': 3,
  'ring-a-bell-violence': 0.6,
  'ring-a-bell-nudity': 1,
  'adversarial-nibbler': 1,
  'openai-moderation': 3,
  xstest: 0.3,
  ailuminate: 0.4,
  harmbench: 0.4,
  strongreject: 0.4,
  multijail: 0.4,
  xsafety: 0.3,
  hatecheck: 0.3,
  'multilingual-hatecheck': 0.3,
  davidson: 0.3,
  germeval2018: 0.3,
  cold: 0.3,
  'surge-toxicity': 0.3,
};

/** Names of heads for the labels that sources use. */
const HEAD_OF: Readonly<Record<string, string>> = {
  sexual: 'sexual',
  sex_crime: 'sexual',
  violence: 'violence',
  hate: 'hate',
  harassment: 'hate',
  self_harm: 'self_harm',
  illegal: 'illegal',
  weapons_cbrn: 'illegal',
  unethical: 'unethical',
  // In this copy of OVERT the names of two categories stand crossed: these rows ask for leaked personal records.
  public_figure: 'fraud',
};

const TAGS: Readonly<Record<string, string>> = {
  'Adult content': 'sexual',
  'Self-harm': 'self_harm',
  'Violence & incitement': 'violence',
  'Animal abuse': 'violence',
  'Hate speech & offensive language': 'hate',
  'Discrimination & injustice': 'hate',
  'Substance abuse & banned substances': 'illegal',
  Theft: 'illegal',
  'Property crime & vandalism': 'illegal',
  Weapons: 'illegal',
  'Terrorism & organized crime': 'extremism',
  'Fraud & deception': 'fraud',
};

/** What this row may teach; undefined when its licence or its labels allow nothing. */
export function lessonOf(row: Row): Lesson | undefined {
  const weight = SOURCES[row.source];
  if (weight === undefined) return undefined;
  const known = labelsOf(row);
  return known === undefined ? undefined : { labels: known, weight };
}

const UNLABELED_BUT_HARMLESS = new Set(['diffusiondb-imagereward', 'artist-style-prompts']);

function labelsOf(row: Row): Labels | undefined {
  if (row.source === 'openai-moderation') return openAiLabels(row);
  if (row.source === 'adversarial-nibbler') return nibblerLabels(row);
  if (row.unsafe === 0 || UNLABELED_BUT_HARMLESS.has(row.source)) return labels({}, 0);
  // Unsafe rows in other languages than English would teach the language instead of the risk.
  if (row.unsafe !== 1 || row.lang !== 'en') return undefined;
  const names = row.source === 'multijail' ? tagsOf(row).map((tag) => TAGS[tag]) : row.categories.map((category) => HEAD_OF[category]);
  return positive(names);
}

/** Named heads are positive; the others may be too. */
function positive(names: readonly (string | undefined)[]): Labels | undefined {
  const heads = names.filter((name) => name !== undefined);
  return heads.length === 0 ? undefined : labels(Object.fromEntries(heads.map((name) => [name, 1])), -1);
}

const OPENAI_HEADS = new Set(['sexual', 'hate', 'self_harm', 'violence']);

/** Labels of this set are partly missing: what was not annotated is not known to be safe. */
function openAiLabels({ unsafe, categories, labelled_categories: annotated = [] }: Row): Labels {
  const found = new Set(categories.map((category) => HEAD_OF[category]));
  const asked = new Set(annotated.map((category) => HEAD_OF[category]));
  return Int8Array.from(HEADS, ({ name }) => {
    if (found.has(name)) return 1;
    return asked.has(name) || (unsafe === 0 && !OPENAI_HEADS.has(name)) ? 0 : -1;
  });
}

const FAILURES: Readonly<Record<string, string>> = {
  image_failure_sexual: 'sexual',
  image_failure_violent: 'violence',
  image_failure_hate: 'hate',
};
const TEXT_MAJORITY = 4;
const MAJORITY = 3;

/** Only what annotators called unsafe as a text; innocent words with an unsafe picture are for the checks on pixels. */
function nibblerLabels({ meta }: Row): Labels | undefined {
  const text = votes(meta?.['text']);
  const unsafe = Math.max(0, ...Object.entries(text).flatMap(([name, count]) => (name.includes('unsafe') ? [count] : [])));
  if (unsafe < TEXT_MAJORITY) return undefined;
  return positive(Object.entries(votes(meta?.['ft'])).flatMap(([name, count]) => (count >= MAJORITY ? [FAILURES[name]] : [])));
}

function votes(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([name, count]) => (typeof count === 'number' ? [[name, count]] : [])));
}

/** This source writes its lists as Python does. */
function tagsOf({ meta }: Row): readonly string[] {
  const tags = meta?.['tags'];
  return typeof tags === 'string' ? [...tags.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '') : [];
}
