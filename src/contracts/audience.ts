/** For whom a surface is made. */
export const AUDIENCES = ['minors', 'general', 'adults', 'staff'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** Who looks at the pictures of one surface, as far as the operator says. What is left out is not known, and counts as anybody. */
export interface Readership {
  /** ISO 3166-1 or 3166-2 codes, or EU. */
  readonly regions?: readonly string[];
  readonly audience?: Audience;
}
