import { classFeatureCount } from '../term-hits.ts';
import { blendAnyRisk, withAnyRisk } from './any-risk.ts';
import type { Fitted } from './fitted.ts';
import { learningRates } from './learning-rates.ts';
import type { LessonBook } from './lesson-book.ts';
import { createMean } from './mean-weights.ts';
import { createRandom, type Random } from './random.ts';

export interface FitOptions {
  readonly heads: number;
  readonly epochs: number;
  readonly seed: number;
}

const RATE = 0.25;
const CLASS_RATE = 0.03;
const L2 = 2e-6;
const CLASS_L2 = 2e-4;
const EPSILON = 1e-6;
/** An error below this teaches nothing. */
const SMALLEST_ERROR = 0.004;
/** Positives of a head weigh this share of its negatives together. */
const POSITIVE_SHARE = 0.2;
/** Epochs before the weights settle; the mean of all later ones forgets the order of the texts. */
const EPOCHS_TO_SETTLE = 2;

/**
 * Logistic regression for each head by AdaGrad; of a text with several windows, the strongest window is the one that
 * learns. A further head learns any risk at all and lends its weights to the others (`blendAnyRisk`).
 */
export function fitHeads(book: LessonBook, { heads, epochs, seed }: FitOptions): Fitted {
  const fit = new Fit({ ...book, labels: book.labels.map(withAnyRisk) }, heads + 1);
  const order = Uint32Array.from(book.labels, (_, index) => index);
  const random = createRandom(seed);
  const mean = createMean(fit);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (const text of order) fit.learn(text);
    if (epoch >= Math.min(EPOCHS_TO_SETTLE, epochs - 1)) mean.add(fit);
  }
  return blendAnyRisk(mean.take(), heads);
}

function shuffle(order: Uint32Array, random: Random): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
}

class Fit implements Fitted {
  readonly weights: Float32Array;
  readonly classWeights: Float32Array;
  readonly biases: Float32Array;
  readonly #book: LessonBook;
  readonly #heads: number;
  readonly #rates: Float32Array;
  readonly #squares: Float32Array;
  readonly #classSquares: Float32Array;
  readonly #biasSquares: Float32Array;
  readonly #positiveWeights: Float64Array;
  readonly #values: Float64Array;
  readonly #bestValues: Float64Array;
  readonly #bestWindows: Int32Array;

  constructor(book: LessonBook, heads: number) {
    const size = heads << book.bucketBits;
    const classSize = classFeatureCount(book.classes) * heads;
    this.#book = book;
    this.#heads = heads;
    this.weights = new Float32Array(size);
    this.#squares = new Float32Array(size).fill(EPSILON);
    this.classWeights = new Float32Array(classSize);
    this.#classSquares = new Float32Array(classSize).fill(0.1);
    this.biases = new Float32Array(heads).fill(-2);
    this.#biasSquares = new Float32Array(heads).fill(1);
    this.#rates = learningRates(book, heads);
    this.#positiveWeights = positiveWeights(book, heads);
    this.#values = new Float64Array(heads);
    this.#bestValues = new Float64Array(heads);
    this.#bestWindows = new Int32Array(heads);
  }

  learn(text: number): void {
    const { labels, weights } = this.#book;
    this.#chooseWindows(text);
    const own = labels[text];
    const weight = weights[text] ?? 0;
    for (let head = 0; head < this.#heads; head++) {
      const label = own?.[head] ?? -1;
      if (label < 0) continue;
      const error = 1 / (1 + Math.exp(-(this.#bestValues[head] ?? 0))) - label;
      if (Math.abs(error) < SMALLEST_ERROR) continue;
      this.#step(this.#bestWindows[head] ?? 0, head, error * weight * (label === 1 ? (this.#positiveWeights[head] ?? 1) : 1));
    }
  }

  #chooseWindows(text: number): void {
    const { textEnds } = this.#book;
    this.#bestValues.fill(Number.NEGATIVE_INFINITY);
    for (let window = textEnds[text - 1] ?? 0; window < (textEnds[text] ?? 0); window++) {
      this.#evaluate(window);
      for (let head = 0; head < this.#heads; head++) {
        const value = this.#values[head] ?? 0;
        if (value <= (this.#bestValues[head] ?? 0)) continue;
        this.#bestValues[head] = value;
        this.#bestWindows[head] = window;
      }
    }
  }

  #evaluate(window: number): void {
    const { buckets, windowEnds, classEnds, classFeatures } = this.#book;
    const [heads, values] = [this.#heads, this.#values];
    const [from, to] = [windowEnds[window - 1] ?? 0, windowEnds[window] ?? 0];
    values.fill(0);
    for (let at = from; at < to; at++) this.#addRow(this.weights, buckets[at] ?? 0);
    const norm = 1 / Math.sqrt(Math.max(1, to - from));
    for (let head = 0; head < heads; head++) values[head] = (values[head] ?? 0) * norm + (this.biases[head] ?? 0);
    for (let at = classEnds[window - 1] ?? 0; at < (classEnds[window] ?? 0); at++) this.#addRow(this.classWeights, classFeatures[at] ?? 0);
  }

  #addRow(weights: Float32Array, feature: number): void {
    const [heads, values] = [this.#heads, this.#values];
    const row = feature * heads;
    for (let head = 0; head < heads; head++) values[head] = (values[head] ?? 0) + (weights[row + head] ?? 0);
  }

  #step(window: number, head: number, error: number): void {
    const { buckets, windowEnds, classEnds, classFeatures } = this.#book;
    const [heads, weights, squares, rates] = [this.#heads, this.weights, this.#squares, this.#rates];
    const [from, to] = [windowEnds[window - 1] ?? 0, windowEnds[window] ?? 0];
    const gradient = error / Math.sqrt(Math.max(1, to - from));
    const square = gradient * gradient;
    for (let at = from; at < to; at++) {
      const index = (buckets[at] ?? 0) * heads + head;
      const sum = (squares[index] ?? 0) + square;
      squares[index] = sum;
      const weight = weights[index] ?? 0;
      weights[index] = weight - (RATE * (rates[index] ?? 1) * (gradient + L2 * weight)) / Math.sqrt(sum);
    }
    for (let at = classEnds[window - 1] ?? 0; at < (classEnds[window] ?? 0); at++) {
      const index = (classFeatures[at] ?? 0) * heads + head;
      const weight = this.classWeights[index] ?? 0;
      const slope = error + CLASS_L2 * weight;
      const sum = (this.#classSquares[index] ?? 0) + slope * slope;
      this.#classSquares[index] = sum;
      this.classWeights[index] = weight - (CLASS_RATE * slope) / Math.sqrt(sum);
    }
    const sum = (this.#biasSquares[head] ?? 0) + error * error;
    this.#biasSquares[head] = sum;
    this.biases[head] = (this.biases[head] ?? 0) - (RATE * error) / Math.sqrt(sum);
  }
}

/** Rare heads must not drown, nor may a few examples shout: between one fifth and ten times. */
function positiveWeights({ labels, weights }: LessonBook, heads: number): Float64Array {
  return Float64Array.from({ length: heads }, (_, head) => {
    let positive = 0;
    let negative = 0;
    labels.forEach((own, text) => {
      if (own[head] === 1) positive += weights[text] ?? 0;
      if (own[head] === 0) negative += weights[text] ?? 0;
    });
    return Math.min(10, Math.max(0.2, (POSITIVE_SHARE * negative) / Math.max(1, positive)));
  });
}
