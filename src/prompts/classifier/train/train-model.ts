import { buildTable } from '../hash-table.ts';
import { hashText } from '../hash-text.ts';
import { decodeModel } from '../model-file.ts';
import { createPromptClassifier } from '../prompt-classifier.ts';
import type { PromptModel } from '../prompt-model.ts';
import { windowsOf } from '../windows.ts';
import { flaggingValues, type HarmlessSet, knotsOf, type WantedText, windowPenalty } from './calibrate.ts';
import { fitModel, withHeads } from './fit-model.ts';
import { HEADS } from './heads.ts';
import { readTexts, SYNTHETIC, type Text } from './lessons.ts';
import { createRandom, type Random } from './random.ts';
import type { Row } from './read-rows.ts';
import { hashTerms, type TermFile } from './term-lists.ts';

export interface TrainOptions {
  readonly rows: readonly Row[];
  readonly lists: TermFile;
  readonly seed: number;
  readonly version: string;
  readonly bucketBits?: number;
  readonly epochs?: number;
  readonly synthetic?: number;
  /** What reviewers decided; see `exampleLessons`. They teach, and set no threshold. */
  readonly examples?: readonly Text[];
  /** Told of every step; never of a text. */
  readonly onStep?: (step: string) => void;
}

const FOLDS = 3;
const DEFAULTS = { bucketBits: 18, epochs: 5, synthetic: 24_000 };

/**
 * Trains the heads on all rows that may teach, and calibrates them on values of harmless texts that the giving model was
 * not trained on: each fold of them by a model of the other folds. Rows of one group stay in one fold.
 */
export function trainModel({ rows, lists, seed, version, examples = [], onStep = () => undefined, ...given }: TrainOptions): PromptModel {
  const { synthetic, ...options } = { ...DEFAULTS, ...given };
  const terms = buildTable(hashTerms(lists));
  const texts = [...readTexts(rows, lists, synthetic, seed, terms), ...examples];
  onStep(`read ${texts.length} texts`);
  const fitOn = (part: readonly Text[]) => decodeModel(fitModel({ ...options, texts: part, lists, terms, seed, version }));
  const measured = new Map<Text, Measured>();
  const long: Values = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitOn(texts.filter(({ group }) => foldOf(group) !== fold));
    const classifier = createPromptClassifier(model);
    const valuesOf = (words: readonly string[]) => classifier.score(words).map(({ value }) => value);
    const unseen = texts.filter((text) => foldOf(text.group) === fold && (budgetOf(text) !== undefined || isWanted(text)));
    for (const text of unseen) measured.set(text, { values: valuesOf(text.words), isForeign: classifier.isForeign(text.words) });
    long.push(...longTexts(unseen, createRandom(seed + fold)).map(valuesOf));
    onStep(`fold ${fold + 1} of ${FOLDS}`);
  }
  const model = fitOn(texts);
  onStep('trained on all rows');
  return calibrate(model, measured, long);
}

/** What a model says about a text that it was not trained on. */
interface Measured {
  readonly values: readonly number[];
  readonly isForeign: boolean;
}

function foldOf(group: string): number {
  return hashText(`fold ${group}`) % FOLDS;
}

/** Sets that judge, each with the share of it that may be flagged; the pool of captions counts as a whole too. */
const POOL = new Set(['partiprompts', 'drawbench', 'coco-captions', 't2i-compbench', 'geneval', 'dsg-1k', 'flowgrpo-ocr']);
const USERS = 'diffusiondb-imagereward';
const BUDGETS = { pool: 0.004, source: 0.01, users: 0.019, language: 0.006 };
/** Costs next to nothing: no text of another language has much to be found in it. */
const FOREIGN_BUDGET = 0.003;
const LEAST_ROWS = 60;

function budgetOf({ source }: Text): number | undefined {
  if (POOL.has(source)) return BUDGETS.source;
  if (source === USERS) return BUDGETS.users;
  return source.startsWith('ud-') ? BUDGETS.language : undefined;
}

type Values = (readonly number[])[];

function calibrate(model: PromptModel, measured: ReadonlyMap<Text, Measured>, long: Values): PromptModel {
  const home = harmlessBySource(measured, false);
  const pool = [...home].flatMap(([source, values]) => (POOL.has(source) ? values : []));
  const wanted = wantedTexts(measured);
  const flagging = flaggingValues([{ name: 'pool', budget: BUDGETS.pool, values: pool, isPrompts: true }, ...setsOf(home)], wanted);
  const strangers = setsOf(harmlessBySource(measured, true)).map((set) => ({ ...set, budget: FOREIGN_BUDGET }));
  const foreign = flaggingValues(strangers, wanted);
  const penalty = windowPenalty(long, LONG_WINDOWS, flagging, LONG_BUDGET);
  const heads = model.header.heads.map((head, index) => {
    const plan = HEADS[index];
    const threshold = flagging[index] ?? 0;
    if (plan === undefined) return head;
    const ofHead = (rows: Values) => Float64Array.from(rows, (row) => row[index] ?? 0).sort();
    return {
      ...head,
      knots: knotsOf(plan, threshold, ofHead([...pool, ...(home.get(USERS) ?? [])])),
      windowPenalty: penalty,
      foreignPenalty: Math.max(0, (foreign[index] ?? 0) - threshold),
    };
  });
  return withHeads(model, heads);
}

/** Values of harmless texts; a text of mostly unknown words is measured with its like. */
function harmlessBySource(measured: ReadonlyMap<Text, Measured>, isForeign: boolean): Map<string, Values> {
  const bySource = new Map<string, Values>();
  for (const [text, of] of measured) {
    const isKept = budgetOf(text) !== undefined && (text.source.startsWith('ud-') ? of.isForeign : false) === isForeign;
    if (!isKept) continue;
    const values = bySource.get(text.source) ?? [];
    values.push(of.values);
    bySource.set(text.source, values);
  }
  return bySource;
}

function setsOf(bySource: ReadonlyMap<string, Values>): HarmlessSet[] {
  return [...bySource].flatMap(([name, values]) => {
    const isPrompts = !name.startsWith('ud-');
    const budget = isPrompts ? (name === USERS ? BUDGETS.users : BUDGETS.source) : BUDGETS.language;
    return values.length < LEAST_ROWS ? [] : [{ name, budget, isPrompts, values }];
  });
}

/** Risky image prompts that were written by people count most, made-up ones stand in where there are none. */
const WANTED: Readonly<Record<string, number>> = {
  'overt-unsafe': 1,
  'ring-a-bell-violence': 0.1,
  'ring-a-bell-nudity': 1,
  'adversarial-nibbler': 1,
  'openai-moderation': 0.5,
  [SYNTHETIC]: 0.05,
};

function isWanted({ source, lesson }: Text): boolean {
  return WANTED[source] !== undefined && lesson?.labels.includes(1) === true;
}

function wantedTexts(measured: ReadonlyMap<Text, Measured>): WantedText[][] {
  const wanted: WantedText[][] = HEADS.map(() => []);
  for (const [{ source, lesson }, { values }] of measured)
    wanted.forEach((list, head) => {
      if (lesson?.labels[head] === 1) list.push({ value: values[head] ?? 0, weight: WANTED[source] ?? 0 });
    });
  return wanted;
}

const LONG_WORDS = 200;
const LONG_WINDOWS = windowsOf(LONG_WORDS).length / 2;
/** Share of texts of that length that all heads together may flag. */
const LONG_BUDGET = 0.008;
const LONG_TEXTS = 1_500;

/** Harmless captions at random run together to long texts. */
function longTexts(texts: readonly Text[], random: Random): string[][] {
  const captions = texts.filter(({ source, words }) => POOL.has(source) && words.length > 0);
  if (captions.length === 0) return [];
  return Array.from({ length: LONG_TEXTS }, () => {
    const words: string[] = [];
    while (words.length < LONG_WORDS) words.push(...(captions[random.below(captions.length)]?.words ?? []));
    return words.slice(0, LONG_WORDS);
  });
}
