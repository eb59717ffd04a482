/**
 * Arrays as PostgreSQL writes them, for parameters on a hot path: the driver quotes every element with two regular expressions, which for a small
 * statement costs more than sending it (measured: 0.3 ms of 1.2).
 */
export function arrayOf(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

/** Text of any kind. Numbers, UUIDs and hex digits need it not. */
export function quotedArrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
