const MAX_EXPANSIONS = 20_000;
const MAX_DEPTH = 5;
const REFERENCE = /^@([a-z0-9_]+)$/;
const RANGE = /\{(\d{1,4})-(\d{1,4})\}/;

export type Groups = ReadonlyMap<string, readonly string[]>;

/** The phrases that a term stands for, or what is wrong with it. */
export type Expansion = { readonly ok: true; readonly phrases: readonly string[] } | { readonly ok: false; readonly message: string };

/**
 * Replaces `@group` by each of its terms and `{a-b}` by each number, in every combination. `known` keeps what groups
 * stand for; give one map for all terms of a set.
 */
export function expandTerm(term: string, groups: Groups, known: Map<string, readonly string[]>, depth = 0): Expansion {
  if (!term.includes('@') && !term.includes('{')) return { ok: true, phrases: [term.trim()] };
  if (depth > MAX_DEPTH) return { ok: false, message: 'groups refer to each other too deeply, or in a circle' };
  let phrases: string[] = [''];
  for (const part of term.trim().split(/\s+/)) {
    const alternatives = expandPart(part, groups, known, depth);
    if (!alternatives.ok) return alternatives;
    if (phrases.length * alternatives.phrases.length > MAX_EXPANSIONS)
      return { ok: false, message: `stands for more than ${MAX_EXPANSIONS} phrases` };
    phrases = phrases.flatMap((phrase) => alternatives.phrases.map((alternative) => `${phrase} ${alternative}`));
  }
  return { ok: true, phrases: phrases.map((phrase) => phrase.trim()) };
}

function expandPart(part: string, groups: Groups, known: Map<string, readonly string[]>, depth: number): Expansion {
  const name = REFERENCE.exec(part)?.[1];
  if (name !== undefined) return expandGroup(name, groups, known, depth);
  const range = RANGE.exec(part);
  if (range === null) return { ok: true, phrases: [part] };
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (to < from || to - from > 200) return { ok: false, message: 'a range of numbers must rise, by 200 at most' };
  return { ok: true, phrases: Array.from({ length: to - from + 1 }, (_, i) => part.replace(range[0], String(from + i))) };
}

function expandGroup(name: string, groups: Groups, known: Map<string, readonly string[]>, depth: number): Expansion {
  const earlier = known.get(name);
  if (earlier !== undefined) return { ok: true, phrases: earlier };
  const terms = groups.get(name);
  if (terms === undefined) return { ok: false, message: `there is no group "${name}"` };
  const phrases: string[] = [];
  for (const term of terms) {
    const expanded = expandTerm(term, groups, known, depth + 1);
    if (!expanded.ok) return expanded;
    phrases.push(...expanded.phrases);
  }
  known.set(name, phrases);
  return { ok: true, phrases };
}
