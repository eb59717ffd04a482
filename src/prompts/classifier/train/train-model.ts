import type { ScaleValues } from '../best-windows.ts';
import { buildTable } from '../hash-table.ts';
import { hashText } from '../hash-text.ts';
import { decodeModel } from '../model-file.ts';
import { createPromptClassifier } from '../prompt-classifier.ts';
import type { PromptModel } from '../prompt-model.ts';
import { flaggingValues, type HarmlessSet, knotsOf, type WantedText } from './calibrate.ts';
import { fitModel, withHeads } from './fit-model.ts';
import { HEADS } from './heads.ts';
import { readTexts, SYNTHETIC, type Text } from './lessons.ts';
import { createRandom, type Random } from './random.ts';
import type { Row } from './read-rows.ts';
import { hashTerms, type TermFile } from './term-lists.ts';
import { netValues, type WindowPenalties, windowPenalties } from './window-penalties.ts';

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
  const long: (readonly ScaleValues[])[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitOn(texts.filter(({ group }) => foldOf(group) !== fold));
    const classifier = createPromptClassifier(model);
    const unseen = texts.filter((text) => foldOf(text.group) === fold && (budgetOf(text) !== undefined || isWanted(text)));
    for (const text of unseen)
      measured.set(text, { scales: classifier.windowValues(text.words), isForeign: classifier.isForeign(text.words) });
    for (const words of longTexts(unseen, createRandom(seed + fold))) long.push(classifier.windowValues(words));
    onStep(`fold ${fold + 1} of ${FOLDS}`);
  }
  const model = fitOn(texts);
  onStep('trained on all rows');
  return calibrate(model, measured, long);
}

/** What a model says about a text that it was not trained on. */
interface Measured {
  readonly scales: readonly ScaleValues[];
  readonly isForeign: boolean;
}

function foldOf(group: string): number {
  return hashText(`fold ${group}`) % FOLDS;
}

/** Sets that judge, each with the share of it that may be flagged; the pool of captions counts as a whole too. */
const POOL = new Set(['partiprompts', 'drawbench', 'coco-captions', 't2i-compbench', 'geneval', 'dsg-1k', 'flowgrpo-ocr']);
const USERS = 'diffusiondb-imagereward';
const BUDGETS = { pool: 0.0035, source: 0.009, users: 0.013, language: 0.006 };
/** Costs next to nothing: no text of another language has much to be found in it. */
const FOREIGN_BUDGET = 0.003;
const LEAST_ROWS = 60;

function budgetOf({ source }: Text): number | undefined {
  if (POOL.has(source)) return BUDGETS.source;
  if (source === USERS) return BUDGETS.users;
  return source.startsWith('ud-') ? BUDGETS.language : undefined;
}

type Values = (readonly number[])[];
type Netted = ReadonlyMap<Text, { readonly values: readonly number[]; readonly isForeign: boolean }>;

/**
 * Short texts say where heads begin to flag, long ones what windows cost there; then all together say where heads flag in the
 * end, and long ones once more what windows cost.
 */
function calibrate(model: PromptModel, measured: ReadonlyMap<Text, Measured>, long: readonly (readonly ScaleValues[])[]): PromptModel {
  const short = new Map([...measured].filter(([, { scales }]) => scales.length === 1));
  const first = windowPenalties(long, flaggingOf(netted(short, [])), LONG_BUDGET);
  const all = netted(measured, first);
  const home = harmlessBySource(all, false);
  const pool = [...home].flatMap(([source, values]) => (POOL.has(source) ? values : []));
  const flagging = flaggingOf(all);
  const penalties = windowPenalties(long, flagging, LONG_BUDGET);
  const strangers = setsOf(harmlessBySource(all, true)).map((set) => ({ ...set, budget: FOREIGN_BUDGET }));
  const foreign = flaggingValues(strangers, wantedTexts(all));
  const heads = model.header.heads.map((head, index) => {
    const plan = HEADS[index];
    const threshold = flagging[index] ?? 0;
    if (plan === undefined) return head;
    const ofHead = (rows: Values) => Float64Array.from(rows, (row) => row[index] ?? 0).sort();
    return {
      ...head,
      knots: knotsOf(plan, threshold, ofHead([...pool, ...(home.get(USERS) ?? [])])),
      windowPenalties: [...(penalties[index] ?? [])],
      foreignPenalty: Math.max(0, (foreign[index] ?? 0) - threshold),
    };
  });
  return withHeads(model, heads);
}

function netted(measured: ReadonlyMap<Text, Measured>, penalties: WindowPenalties): Netted {
  return new Map([...measured].map(([text, { scales, isForeign }]) => [text, { values: netValues(scales, penalties), isForeign }]));
}

function flaggingOf(measured: Netted): number[] {
  const home = harmlessBySource(measured, false);
  const pool = [...home].flatMap(([source, values]) => (POOL.has(source) ? values : []));
  return flaggingValues([{ name: 'pool', budget: BUDGETS.pool, values: pool, isPrompts: true }, ...setsOf(home)], wantedTexts(measured));
}

/** Values of harmless texts; a text of mostly unknown words is measured with its like. */
function harmlessBySource(measured: Netted, isForeign: boolean): Map<string, Values> {
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

function wantedTexts(measured: Netted): WantedText[][] {
  const wanted: WantedText[][] = HEADS.map(() => []);
  for (const [{ source, lesson }, { values }] of measured)
    wanted.forEach((list, head) => {
      if (lesson?.labels[head] === 1) list.push({ value: values[head] ?? 0, weight: WANTED[source] ?? 0 });
    });
  return wanted;
}

const LONG_WORDS = 200;
/** Share of texts of that length that all heads together may flag. */
const LONG_BUDGET = 0.0045;
const LONG_TEXTS = 3_000;
/** Captions that people wrote; those that were made from templates repeat the same harmless words. */
const NATURAL = new Set(['partiprompts', 'drawbench', 'coco-captions', 'dsg-1k', 'flowgrpo-ocr']);

/** Harmless captions at random run together to long texts. */
function longTexts(texts: readonly Text[], random: Random): string[][] {
  const captions = texts.filter(({ source, words }) => NATURAL.has(source) && words.length > 0);
  if (captions.length === 0) return [];
  return Array.from({ length: LONG_TEXTS }, () => {
    const words: string[] = [];
    while (words.length < LONG_WORDS) words.push(...(captions[random.below(captions.length)]?.words ?? []));
    return words.slice(0, LONG_WORDS);
  });
}
