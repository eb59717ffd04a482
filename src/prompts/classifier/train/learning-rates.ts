import type { LessonBook } from './lesson-book.ts';

/** Of the rate of a feature, so much hangs on how differently risky and harmless texts have it. */
const NAIVE_BAYES_SHARE = 0.5;
/** A feature e² times likelier on one side says all that a count can say. */
const MOST_LOG_ODDS = 2;
/** Words and pairs learn faster than the many n-grams of the same letters, which would else speak for them. */
const WORD_RATE = 2;

/**
 * How fast each weight learns, `rates[bucket * heads + head]`: a blend of one rate for all with the log-odds of naive
 * Bayes (Wang & Manning 2012, "Baselines and Bigrams"). Scaling the step scales the prior of a weight; scoring costs no more.
 */
export function learningRates(book: LessonBook, heads: number): Float32Array {
  const size = heads << book.bucketBits;
  const harmless = countFeatures(book, heads, 0);
  const risky = countFeatures(book, heads, 1);
  const rates = new Float32Array(size);
  for (let at = 0; at < size; at++) {
    const head = at % heads;
    const odds = Math.log(shareOf(risky, at, head) / shareOf(harmless, at, head));
    const rate = 1 - NAIVE_BAYES_SHARE + NAIVE_BAYES_SHARE * Math.min(MOST_LOG_ODDS, Math.abs(odds));
    rates[at] = book.isOfWords[Math.floor(at / heads)] === 1 ? rate * WORD_RATE : rate;
  }
  return rates;
}

interface Counts {
  readonly features: Float32Array;
  readonly windows: Float64Array;
}

function shareOf({ features, windows }: Counts, at: number, head: number): number {
  return ((features[at] ?? 0) + 1) / ((windows[head] ?? 0) + 1);
}

function countFeatures(book: LessonBook, heads: number, wanted: number): Counts {
  const counts: Counts = { features: new Float32Array(heads << book.bucketBits), windows: new Float64Array(heads) };
  book.labels.forEach((labels, text) => {
    const chosen = [...labels.keys()].filter((head) => labels[head] === wanted);
    if (chosen.length === 0) return;
    for (let window = book.textEnds[text - 1] ?? 0; window < (book.textEnds[text] ?? 0); window++)
      addWindow(book, { window, chosen, heads, weight: book.weights[text] ?? 0 }, counts);
  });
  return counts;
}

interface Counted {
  readonly window: number;
  readonly chosen: readonly number[];
  readonly heads: number;
  readonly weight: number;
}

function addWindow({ buckets, windowEnds }: LessonBook, { window, chosen, heads, weight }: Counted, { features, windows }: Counts): void {
  for (const head of chosen) windows[head] = (windows[head] ?? 0) + weight;
  for (let at = windowEnds[window - 1] ?? 0; at < (windowEnds[window] ?? 0); at++)
    for (const head of chosen) {
      const index = (buckets[at] ?? 0) * heads + head;
      features[index] = (features[index] ?? 0) + weight;
    }
}
