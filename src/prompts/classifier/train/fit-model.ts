import { buildTable, type HashTable } from '../hash-table.ts';
import { decodeModel, encodeModel } from '../model-file.ts';
import type { ModelHead, PromptModel } from '../prompt-model.ts';
import { WINDOW_SCALES } from '../windows.ts';
import { augment } from './augment.ts';
import { fitHeads } from './fit-heads.ts';
import { HEADS } from './heads.ts';
import { addLesson, createLessonBook } from './lesson-book.ts';
import { knownWordHashes, repairableWords, SYNTHETIC, type Text } from './lessons.ts';
import { quantize } from './quantize.ts';
import { createRandom } from './random.ts';
import type { TermFile } from './term-lists.ts';

export interface FitModelOptions {
  readonly texts: readonly Text[];
  readonly lists: TermFile;
  readonly terms: HashTable;
  readonly bucketBits: number;
  readonly epochs: number;
  readonly seed: number;
  readonly version: string;
}

/** Names that sources ask for where they are used. */
const ATTRIBUTION = [
  'COCO captions (Lin et al. 2014), CC BY 4.0',
  'XSTest (Röttger et al. 2023), CC BY 4.0',
  'HateCheck (Röttger et al. 2021) and Multilingual HateCheck (Röttger et al. 2022), CC BY 4.0',
  'Adversarial Nibbler (Quaye et al. 2024, Google LLC), CC BY 4.0',
  'AILuminate demo set (MLCommons), CC BY 4.0',
  'GermEval 2018 (Wiegand et al.), CC BY 4.0',
  'LDNOOBW (Shutterstock and contributors), CC BY 4.0',
  'surge-ai/profanity, MIT',
];

const SHARE_WITH_SLIPS = 0.2;
const UNCALIBRATED: [number, number][] = [
  [-20, 0],
  [20, 1],
];

/** Trains on every text that has a lesson; scores are not calibrated yet. Deterministic. */
export function fitModel({ texts, lists, terms, bucketBits, epochs, seed, version }: FitModelOptions): Buffer {
  const classes = Object.keys(lists.classes);
  const book = createLessonBook(bucketBits, classes.length);
  const random = createRandom(seed + 1);
  const rows: Record<string, number> = {};
  for (const { words, lesson, source } of texts) {
    if (lesson === undefined || words.length === 0) continue;
    rows[source] = (rows[source] ?? 0) + 1;
    addLesson(book, words, lesson, terms);
    if (random.next() < SHARE_WITH_SLIPS)
      addLesson(book, augment(words, random), { labels: lesson.labels, weight: lesson.weight / 2 }, terms);
  }
  const fitted = fitHeads(book, { heads: HEADS.length, epochs, seed });
  const { weights, scales } = quantize(fitted, HEADS.length);
  const { [SYNTHETIC]: synthetic = 0, ...real } = rows;
  const heads = HEADS.map(({ name, category }, head) => ({
    name,
    category,
    scale: scales[head] ?? 1,
    bias: fitted.biases[head] ?? 0,
    windowPenalties: WINDOW_SCALES.map(() => 0),
    foreignPenalty: 0,
    knots: UNCALIBRATED,
  }));
  const provenance = { seed, rows: real, synthetic, attribution: ATTRIBUTION };
  return encodeModel(
    { version, bucketBits, heads, classes, provenance },
    {
      weights,
      classWeights: fitted.classWeights,
      terms,
      known: buildTable(knownWordHashes(texts, lists)),
      repairable: repairableWords(lists),
    },
  );
}

/** The same model with other calibration. */
export function withHeads(model: PromptModel, heads: readonly ModelHead[]): PromptModel {
  const { format: _format, sections: _sections, bodySha256: _digest, ...source } = model.header;
  return decodeModel(encodeModel({ ...source, heads: [...heads] }, model));
}

/** The file of a model. */
export function fileOf(model: PromptModel): Buffer {
  const { format: _format, sections: _sections, bodySha256: _digest, ...source } = model.header;
  return encodeModel(source, model);
}
