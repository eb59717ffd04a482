import type { Attack } from './attack.ts';
import type { Answer } from './gateway/answer.ts';
import type { Gateway } from './gateway/gateway.ts';
import { grade, type Verdict } from './graders/grade.ts';
import { randomFrom, shuffled } from './random.ts';

/** One attack and how it went. */
export interface Result {
  readonly attack: Attack;
  readonly answer: Answer;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

interface CampaignOptions {
  readonly gateway: Gateway;
  readonly attacks: readonly Attack[];
  /** Attempts at the same time. */
  readonly concurrency: number;
  readonly onDone?: (result: Result) => void;
}

/** Makes every attempt and grades it. Results stand in the order of the attacks. */
export async function runCampaign({ gateway, attacks, concurrency, onDone }: CampaignOptions): Promise<readonly Result[]> {
  const controls = new Map<string, Promise<Answer>>();
  const controlOf = ({ control }: Attack) => {
    if (control === undefined) return undefined;
    const asked = controls.get(control.id) ?? control.send(gateway);
    controls.set(control.id, asked);
    return asked;
  };
  return inParallel(attacks, concurrency, async (attack) => {
    const control = await controlOf(attack);
    const startedAt = performance.now();
    const answer = await attack.send(gateway);
    const tookMs = performance.now() - startedAt;
    const result = { attack, answer, tookMs, verdict: grade({ expect: attack.expect, answer, tookMs, control }) };
    onDone?.(result);
    return result;
  });
}

/** At most `limit` of them, chosen by chance; those that are left keep their order. */
export function sample<T>(items: readonly T[], limit: number, chance: number): readonly T[] {
  if (items.length <= limit) return items;
  const chosen = new Set(shuffled(items, randomFrom(`sample ${chance}`)).slice(0, limit));
  return items.filter((item) => chosen.has(item));
}

/** `act` on every item, so many at a time. */
export async function inParallel<T, R>(items: readonly T[], concurrency: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
