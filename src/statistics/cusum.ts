/** A drift alarm on errors of one person. `inControl` and `drifted`: shares of errors that are fine, and that must be found. */
export interface CusumPlan {
  readonly inControl: number;
  readonly drifted: number;
  /** The alarm sounds where the sum passes it. */
  readonly threshold: number;
}

/**
 * 5 % of errors are fine, 15 % are found. Simulated: one false alarm in 878 gold items on average; 15 % are found after 35 (median) or 82 (90th
 * percentile) items.
 */
export const SHIPPED_CUSUM: CusumPlan = { inControl: 0.05, drifted: 0.15, threshold: 3.5 };

/** The path of the sum after each item; `alarmAt` counts from 0, null without an alarm. */
export interface CusumPath {
  readonly values: readonly number[];
  readonly alarmAt: number | null;
}

/** The Bernoulli CUSUM (Reynolds and Stoumbos 1999): log-likelihood ratios, summed, never below zero. @param errors oldest first */
export function cusum(errors: readonly boolean[], { inControl, drifted, threshold }: CusumPlan = SHIPPED_CUSUM): CusumPath {
  const ofError = Math.log(drifted / inControl);
  const ofSuccess = Math.log((1 - drifted) / (1 - inControl));
  let sum = 0;
  const values = errors.map((isError) => {
    sum = Math.max(0, sum + (isError ? ofError : ofSuccess));
    return sum;
  });
  const at = values.findIndex((value) => value > threshold);
  return { values, alarmAt: at === -1 ? null : at };
}
