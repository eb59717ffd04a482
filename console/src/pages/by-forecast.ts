import type { Queue } from '../api/answers.ts';

const never = Number.MAX_SAFE_INTEGER;
const dueOf = ({ first_due_at }: Queue) => (first_due_at === null ? never : new Date(first_due_at).getTime());

/** What is late or will be, before what goes well, before what is empty, before what the reader may not work on. */
function rankOf(queue: Queue, now: number): number {
  if (!queue.eligible) return 3;
  if (queue.pending === 0) return 2;
  return (queue.forecast?.breaches_next_4h ?? 0) > 0 || dueOf(queue) < now ? 0 : 1;
}

/** Queues in the order in which they break their first deadline. Never by name alone. */
export function byForecast(queues: readonly Queue[], now = Date.now()): readonly Queue[] {
  return [...queues].sort((a, b) => rankOf(a, now) - rankOf(b, now) || dueOf(a) - dueOf(b) || a.name.localeCompare(b.name));
}
