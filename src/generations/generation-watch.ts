import { z } from 'zod';
import type { GenerationId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

/** Tells many followers of generations, with one question to the database for all of them. */
export interface GenerationWatch {
  /** Resolves when the generation's state is another than `from`, or it is gone, or the signal says so; never rejects. */
  changed(id: GenerationId, from: string, signal: AbortSignal): Promise<void>;
}

interface Waiter {
  readonly id: GenerationId;
  readonly from: string;
  readonly wake: () => void;
}

const row = z.object({ id: z.string(), state: z.string() });
const POLL_MS = 250;

/** One for each process. It asks only while somebody waits; a question that fails is asked again. */
export function createGenerationWatch(db: Queryable, { pollMs = POLL_MS }: { readonly pollMs?: number } = {}): GenerationWatch {
  const waiting = new Set<Waiter>();
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const asked = [...waiting];
    const ids = [...new Set(asked.map(({ id }) => id))];
    const { rows } = await db.query({
      name: 'states-of-generations',
      text: 'select id, state from generations where id = any ($1::text[])',
      values: [ids],
    });
    const states = new Map(rows.map((found) => row.parse(found)).map(({ id, state }) => [id, state]));
    for (const waiter of asked) if (states.get(waiter.id) !== waiter.from) waiter.wake();
  }

  function goOn(): void {
    if (timer !== null || waiting.size === 0) return;
    timer = setTimeout(() => {
      void look()
        .catch(() => undefined)
        .finally(() => {
          timer = null;
          goOn();
        });
    }, pollMs).unref();
  }

  return {
    changed: (id, from, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(waiter);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter: Waiter = { id, from, wake };
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', wake, { once: true });
        waiting.add(waiter);
        goOn();
      }),
  };
}
