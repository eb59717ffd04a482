/** How often each term was met, and all terms together. */
export interface TermCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Terms that the prior is worth: what a term must be seen beyond to stand out. */
const PRIOR_STRENGTH = 200;
/** Added to the prior of every term, so that one never met elsewhere has one too. */
const PRIOR_FLOOR = 0.1;

/**
 * Weighted log-odds-ratio with an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008, "Fightin' Words", §3.5.1), as a
 * z-score: how much more frequent `term` is in `confirmed` than in `benign`, in standard deviations. The prior is the
 * frequency of the term in both together, so a word that everybody uses needs much more evidence than a strange one.
 */
export function logOdds(term: string, confirmed: TermCounts, benign: TermCounts): number {
  const inConfirmed = confirmed.counts.get(term) ?? 0;
  const inBenign = benign.counts.get(term) ?? 0;
  const share = (inConfirmed + inBenign) / Math.max(1, confirmed.total + benign.total);
  const prior = PRIOR_FLOOR + PRIOR_STRENGTH * share;
  const delta = logit(inConfirmed + prior, confirmed.total + PRIOR_STRENGTH) - logit(inBenign + prior, benign.total + PRIOR_STRENGTH);
  return delta / Math.sqrt(1 / (inConfirmed + prior) + 1 / (inBenign + prior));
}

function logit(count: number, total: number): number {
  return Math.log(count / Math.max(1, total - count));
}
