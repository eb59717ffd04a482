/** One deliberate fault, and the fast tests of which at least one must fail on it. */
export interface Mutant {
  /** A name to ask for with `--only`. */
  readonly id: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What an attacker or a user would get if nobody noticed. */
  readonly matters: string;
  readonly tests: readonly string[];
}

/** The text with the fault in it. Throws when the list and the code have drifted apart. */
export function applyMutant({ id, file, find, replace }: Mutant, text: string): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${id}: ${file} has the text ${times} times instead of once:\n${find}`);
  return text.replace(find, () => replace);
}
