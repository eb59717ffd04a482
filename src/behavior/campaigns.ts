import type { Template } from './shared-templates.ts';

/** Accounts that were refused with the same words. */
export interface Campaign {
  /** Numbers of accounts (`numberOf`). */
  readonly accounts: readonly number[];
  /** The triples of words that they share. */
  readonly triples: readonly number[];
  readonly seenAtMs: number;
}

/** Two accounts belong together when they share so many triples: one alone may be a name that everybody speaks of today. */
export const SHARED_TRIPLES = 3;

/** Groups accounts into campaigns by the words that they were refused with; those of one campaign share at least three triples with another one of it. */
export function campaignsOf(templates: Iterable<Template>): readonly Campaign[] {
  const all = [...templates];
  const numbers = [...new Set(all.flatMap(({ accounts }) => accounts))];
  const indexOf = new Map(numbers.map((account, index) => [account, index]));
  const members = all.map(({ accounts }) => accounts.map((account) => indexOf.get(account) ?? 0));
  const parents = Int32Array.from(numbers.keys());
  for (const [a, b] of pairsSharing(members, numbers.length)) parents[rootOf(parents, a)] = rootOf(parents, b);
  const groups = new Map<number, number[]>();
  for (const [index, account] of numbers.entries()) push(groups, rootOf(parents, index), account);
  const templatesOf = new Map<number, Template[]>();
  for (const [i, template] of all.entries()) for (const root of sharedRoots(parents, members[i] ?? [])) push(templatesOf, root, template);
  return [...groups]
    .filter(([, accounts]) => accounts.length > 1)
    .map(([root, accounts]) => {
      const own = templatesOf.get(root) ?? [];
      return {
        accounts,
        triples: own.map(({ triple }) => triple),
        seenAtMs: own.reduce((last, { seenAtMs }) => Math.max(last, seenAtMs), 0),
      };
    });
}

/** Pairs of accounts that stand together in three templates or more. */
function* pairsSharing(members: readonly (readonly number[])[], accounts: number): Generator<readonly [number, number]> {
  const pairs = new Float64Array(members.reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0));
  let next = 0;
  for (const some of members)
    for (const [i, a] of some.entries()) for (const b of some.slice(i + 1)) pairs[next++] = Math.min(a, b) * accounts + Math.max(a, b);
  pairs.sort();
  for (let i = 0; i + SHARED_TRIPLES <= pairs.length; ) {
    const pair = pairs[i] ?? 0;
    let end = i + 1;
    while (pairs[end] === pair) end++;
    if (end - i >= SHARED_TRIPLES) yield [Math.floor(pair / accounts), pair % accounts];
    i = end;
  }
}

/** The groups of which two or more of these accounts are. */
function sharedRoots(parents: Int32Array, accounts: readonly number[]): ReadonlySet<number> {
  const [once, twice] = [new Set<number>(), new Set<number>()];
  for (const account of accounts) {
    const root = rootOf(parents, account);
    (once.has(root) ? twice : once).add(root);
  }
  return twice;
}

function rootOf(parents: Int32Array, member: number): number {
  let root = member;
  for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) {
    // Each second step is left out from then on.
    parents[root] = parents[parent] ?? parent;
    root = parent;
  }
  return root;
}

function push<Item>(lists: Map<number, Item[]>, key: number, item: Item): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}
