import type { RuleProblem } from './rule-problem.ts';

/** A named list of terms, with the line of each. */
export interface TermGroup {
  readonly name: string;
  readonly terms: readonly string[];
  /** A problem with the group, or with its nth term. */
  problemAt(message: string, term?: number): RuleProblem;
}

export type ReadLexicon =
  | { readonly ok: true; readonly groups: readonly TermGroup[] }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] };

const HEADING = /^\[([a-z0-9_]{1,40})\]$/;
const MAX_TERM = 200;

interface Draft {
  readonly name: string;
  readonly line: number;
  readonly terms: string[];
  readonly lines: number[];
}

/**
 * Reads a lexicon: `[name]` opens a group, terms follow with commas or line breaks between them, `#` begins a comment.
 * Plain text because it is read at every start, and YAML takes twenty times as long.
 */
export function readLexicon(text: string, file?: string): ReadLexicon {
  const problem = (line: number, message: string): RuleProblem => ({ ...(file === undefined ? {} : { file }), line, message });
  const { drafts, orphan } = draftsOf(text);
  const problems = drafts.flatMap((draft) => flawsOf(draft).map(({ line, message }) => problem(line, message)));
  if (orphan !== undefined) problems.push(problem(orphan, 'a term before the first [group]'));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    groups: drafts.map(({ name, line, terms, lines }) => ({
      name,
      terms,
      problemAt: (message, term) => problem(term === undefined ? line : (lines[term] ?? line), message),
    })),
  };
}

/** The groups of a text, and the line of the first term that belongs to none. */
function draftsOf(text: string): { readonly drafts: readonly Draft[]; readonly orphan: number | undefined } {
  const drafts: Draft[] = [];
  let orphan: number | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const name = HEADING.exec(line)?.[1];
    const draft = drafts.at(-1);
    if (name !== undefined) drafts.push({ name, line: index + 1, terms: [], lines: [] });
    else if (draft === undefined) orphan ??= index + 1;
    else takeTerms(draft, line, index + 1);
  }
  return { drafts, orphan };
}

function flawsOf({ name, line, terms, lines }: Draft): { readonly line: number; readonly message: string }[] {
  if (terms.length === 0) return [{ line, message: `the group "${name}" is empty` }];
  return terms.flatMap((term, index) =>
    term.length > MAX_TERM ? [{ line: lines[index] ?? line, message: `a term is longer than ${MAX_TERM} characters` }] : [],
  );
}

function takeTerms({ terms, lines }: Draft, line: string, number: number): void {
  for (const part of line.split(',')) {
    const term = part.trim();
    if (term === '') continue;
    terms.push(term);
    lines.push(number);
  }
}
