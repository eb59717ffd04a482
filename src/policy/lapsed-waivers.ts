import { type CoverageReport, type CoverageRow, endOfWaiver, type Lapse } from './coverage.ts';

/**
 * What was waived at the time of the call, to be asked later what of it is no longer. The rows, as of the moment when they are asked for,
 * are read again only when a waiver may have run out.
 */
export function watchLapses(rows: CoverageReport['rows']): CoverageReport['lapses'] {
  const atStart = waivedIn(rows());
  let lapsed: readonly Lapse[] = [];
  let nextLook = firstEnd(atStart);
  return () => {
    if (Date.now() < nextLook) return lapsed;
    const now = rows();
    const uncovered = new Set(now.filter(({ state }) => state === 'uncovered').map(placeOf));
    lapsed = atStart.filter((one) => uncovered.has(placeOf(one)));
    nextLook = firstEnd(waivedIn(now));
    return lapsed;
  };
}

function waivedIn(rows: readonly CoverageRow[]): readonly Lapse[] {
  return rows.flatMap(({ category, looksAt, waiver }) => (waiver === undefined ? [] : [{ category, looksAt, until: waiver.until }]));
}

function firstEnd(waived: readonly Lapse[]): number {
  return Math.min(...waived.map(endOfWaiver));
}

const placeOf = ({ category, looksAt }: Pick<Lapse, 'category' | 'looksAt'>) => `${category}:${looksAt}`;
