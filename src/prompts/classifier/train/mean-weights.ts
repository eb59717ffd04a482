import type { Fitted } from './fitted.ts';

/** Adds weights up, and gives their mean. */
export interface Mean {
  add(weights: Fitted): void;
  take(): Fitted;
}

/** A mean of weights of this shape (Polyak & Juditsky 1992: the average of the late steps is steadier than the last one). */
export function createMean({ weights, classWeights, biases }: Fitted): Mean {
  const sums = [weights, classWeights, biases].map(({ length }) => new Float64Array(length));
  let count = 0;
  return {
    add: (more) => {
      count += 1;
      [more.weights, more.classWeights, more.biases].forEach((part, index) => {
        const sum = sums[index];
        if (sum !== undefined)
          part.forEach((value, at) => {
            sum[at] = (sum[at] ?? 0) + value;
          });
      });
    },
    take: () => {
      const [of, ofClasses, ofBiases] = sums.map((sum) => Float32Array.from(sum, (value) => value / Math.max(1, count)));
      return { weights: of ?? weights, classWeights: ofClasses ?? classWeights, biases: ofBiases ?? biases };
    },
  };
}
