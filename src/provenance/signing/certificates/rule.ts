/** Which part of what was given is at fault. */
export type Part = 'leaf' | 'intermediate' | 'root' | 'key';

/**
 * One rule that certificates or their key break. `error`: nothing can be signed with it, or nobody would accept what is signed.
 * `advice`: it works, but it is not on the profile that C2PA's trust list asks for.
 */
export interface Flaw {
  /** A stable name, such as `leaf-organization`; docs/signing.md lists all. */
  readonly rule: string;
  readonly severity: 'error' | 'advice';
  readonly part: Part;
  /** What is wrong, without a full stop. */
  readonly problem: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** `leaf-organization (leaf): its subject has no organization (O). Ask …` */
export function describeFlaw({ rule, part, problem, remedy }: Flaw): string {
  return `${rule} (${part}): ${problem}. ${remedy}`;
}
