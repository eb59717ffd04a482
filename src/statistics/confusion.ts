/** How often the one rater said `labels[row]` and the other `labels[column]` of the same item. */
export interface Confusion {
  readonly labels: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** What two raters said of one item. */
export interface RatedPair {
  readonly first: string;
  readonly second: string;
}

/** Counts of pairs. @param labels in which order; left out, every label that somebody used, sorted */
export function confusionOf(pairs: readonly RatedPair[], labels?: readonly string[]): Confusion {
  const used = labels ?? [...new Set(pairs.flatMap(({ first, second }) => [first, second]))].toSorted();
  const rows = used.map(() => used.map(() => 0));
  for (const { first, second } of pairs) {
    const row = rows[used.indexOf(first)];
    const column = used.indexOf(second);
    const count = row?.[column];
    if (row !== undefined && count !== undefined) row[column] = count + 1;
  }
  return { labels: used, rows };
}

/** How many items there are. */
export function itemsIn({ rows }: Confusion): number {
  return rows.flat().reduce((total, count) => total + count, 0);
}

/** How often each rater used each label, and how often both did. In the order of `labels`. */
export function margins({
  labels,
  rows,
}: Confusion): readonly { readonly first: number; readonly second: number; readonly both: number }[] {
  return labels.map((_label, at) => ({
    first: (rows[at] ?? []).reduce((total, count) => total + count, 0),
    second: rows.reduce((total, row) => total + (row[at] ?? 0), 0),
    both: rows[at]?.[at] ?? 0,
  }));
}
