import type { Queryable } from '../../storage/database.ts';
import { createGroupCommit } from '../../storage/group-commit.ts';
import type { Answer, Ask } from '../limits/counter-store.ts';
import { askTogether, type ClaimUse, type ClaimUsed, claimName, type Obstacle, type Told } from './door-statement.ts';
import { heardOf } from './late-answer.ts';

/** One count of a limit. */
interface CountAsk {
  /** Called when the statement is made: what is wished by then goes with it. */
  ask(): Ask;
  /** Nothing: there is no such limit any more. */
  answered(answer: Answer | undefined): void;
  failed(error: unknown): void;
}

/**
 * What the database must say before anybody is let in. What is asked in one turn of the event loop goes with one statement, and what is asked meanwhile with
 * the next. When that fails, whatever was asked with it is not known. @throws as the database does; ImprimaturError STORAGE_UNAVAILABLE when it hangs
 */
export interface Door {
  /** Uses a claim up; again for the very same request is fine. Null: it was used for another one. */
  use(claim: ClaimUse): Promise<ClaimUsed | null>;
  /** What stands in the way of any of these users now, the gravest first. */
  look(userDigests: readonly string[]): Promise<readonly Obstacle[]>;
  count(asked: CountAsk): void;
  /** Resolves when nothing is asked any more. */
  drain(): Promise<void>;
}

interface DoorParts {
  readonly db: Queryable;
  /** Statements under way at once; the embedded engine has one connection. */
  readonly concurrency?: number;
  /** Told once of each statement that failed with counts in it. */
  readonly onError?: (error: unknown) => void;
  /** µs since 1970; 0 for the clock of the database. */
  readonly us?: () => number;
}

type Waiting<Value> = { readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void };
type Item =
  | { readonly kind: 'claim'; readonly claim: ClaimUse; readonly waiting: Waiting<ClaimUsed | null> }
  | { readonly kind: 'look'; readonly digests: readonly string[]; readonly waiting: Waiting<readonly Obstacle[]> }
  | { readonly kind: 'count'; readonly count: CountAsk };

const MOST_AT_ONCE = 1_000;

export function createDoor({ db, concurrency = 1, onError = () => undefined, us = () => 0 }: DoorParts): Door {
  const items = createGroupCommit<Item>({ maxBatch: MOST_AT_ONCE, concurrency, write: exchange });
  const submit = (item: Item) => void items.submit(item);

  /** Never rejects: everybody is told here. */
  async function exchange(batch: readonly Item[]): Promise<void> {
    const { now, later } = oneUseEach(batch);
    for (const item of later) submit(item);
    const asks = new Map<Item, Ask>();
    for (const item of now) if (item.kind === 'count') asks.set(item, item.count.ask());
    const claims = now.flatMap((item) => (item.kind === 'claim' ? [item.claim] : []));
    const digests = new Set(now.flatMap((item) => (item.kind === 'look' ? item.digests : [])));
    const asked = { claims, digests: [...digests], asks: [...asks.values()] };
    const told = await askTogether(db, asked, us()).catch((failure: unknown) => {
      const error = heardOf(failure);
      if (asks.size > 0) onError(error);
      for (const item of now) refuse(item, error);
      return null;
    });
    if (told !== null) for (const item of now) tell(item, told, asks.get(item));
  }

  return {
    use: (claim) => new Promise((resolve, reject) => submit({ kind: 'claim', claim, waiting: { resolve, reject } })),
    look: (digests) => new Promise((resolve, reject) => submit({ kind: 'look', digests, waiting: { resolve, reject } })),
    count: (count) => submit({ kind: 'count', count }),
    drain: () => items.drain(),
  };
}

/** Of uses of one claim only the first goes now: the database tells the next whether it comes again, or for another request. */
function oneUseEach(batch: readonly Item[]): { readonly now: readonly Item[]; readonly later: readonly Item[] } {
  const used = new Set<string>();
  const [now, later]: [Item[], Item[]] = [[], []];
  for (const item of batch) {
    const name = item.kind === 'claim' ? claimName(item.claim) : null;
    (name !== null && used.has(name) ? later : now).push(item);
    if (name !== null) used.add(name);
  }
  return { now, later };
}

/** @param sent by this count, if it is one */
function tell(item: Item, told: Told, sent: Ask | undefined): void {
  if (item.kind === 'claim') {
    item.waiting.resolve(told.used.get(claimName(item.claim)) ?? null);
  } else if (item.kind === 'look') {
    item.waiting.resolve(told.obstacles.filter(({ userDigest }) => item.digests.includes(userDigest)));
  } else item.count.answered(sent === undefined ? undefined : told.answers.get(sent.subject));
}

function refuse(item: Item, error: unknown): void {
  if (item.kind === 'count') item.count.failed(error);
  else item.waiting.reject(error);
}
