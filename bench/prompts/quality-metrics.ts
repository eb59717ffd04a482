/** Chance that an unsafe text scores above a safe one; ties count half. */
export function auroc(unsafe: readonly number[], safe: readonly number[]): number {
  const all = [...unsafe.map((score) => ({ score, unsafe: true })), ...safe.map((score) => ({ score, unsafe: false }))];
  all.sort((a, b) => a.score - b.score);
  let ranks = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.score === all[from]?.score) to += 1;
    for (let at = from; at < to; at++) if (all[at]?.unsafe === true) ranks += (from + to + 1) / 2;
    from = to;
  }
  return (ranks - (unsafe.length * (unsafe.length + 1)) / 2) / (unsafe.length * safe.length);
}

/** Average precision: the mean of the precision at each unsafe text; texts of one score come together. */
export function averagePrecision(unsafe: readonly number[], safe: readonly number[]): number {
  const thresholds = [...new Set(unsafe)].sort((a, b) => b - a);
  let sum = 0;
  let before = 0;
  for (const threshold of thresholds) {
    const found = unsafe.filter((score) => score >= threshold).length;
    const wrong = safe.filter((score) => score >= threshold).length;
    sum += (found - before) * (found / (found + wrong));
    before = found;
  }
  return sum / unsafe.length;
}

/** Share of safe texts at the score that finds this share of the unsafe ones. */
export function falsePositivesAtRecall(unsafe: readonly number[], safe: readonly number[], recall: number): number {
  const sorted = unsafe.toSorted((a, b) => b - a);
  const threshold = sorted[Math.max(0, Math.ceil(recall * sorted.length) - 1)] ?? 1;
  return shareOf(safe, (score) => score >= threshold);
}

export function shareOf<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? Number.NaN : items.filter(holds).length / items.length;
}

/** Shares as numbers of four digits, for the result file. */
export function digits(value: number): number {
  return Number(value.toFixed(4));
}
