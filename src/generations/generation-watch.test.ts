import { describe, expect, it } from 'vitest';
import type { Queryable, Row, Statement } from '../storage/database.ts';
import { createGenerationWatch } from './generation-watch.ts';

describe('followers of generations', () => {
  /** A table of states that counts how often it is asked. */
  function table(states: Record<string, string>) {
    const asked: unknown[] = [];
    const db: Queryable = {
      async query<R extends Row>({ values = [] }: Statement): Promise<{ rows: readonly R[]; rowCount: number }> {
        asked.push(values[0]);
        if (asked.length === 1) throw new Error('the database is away for a moment');
        const rows = Object.entries(states).map(([id, state]) => ({ id, state }));
        return { rows: JSON.parse(JSON.stringify(rows)), rowCount: rows.length };
      },
    };
    return { asked, watch: createGenerationWatch(db, { pollMs: 5 }) };
  }
  const never = new AbortController().signal;

  it('ask the database once for all of them, and again when it was away', async () => {
    const { asked, watch } = table({ gen_1: 'published', gen_2: 'running' });
    const left = new AbortController();
    const [first, twin] = [watch.changed('gen_1', 'running', never), watch.changed('gen_1', 'held', never)];
    const second = watch.changed('gen_2', 'running', left.signal);
    await Promise.all([first, twin]);
    expect(asked).toEqual([
      ['gen_1', 'gen_2'],
      ['gen_1', 'gen_2'],
    ]);
    left.abort();
    await second;
  });

  it('ask nothing when nobody is left, and learn when a generation is gone', async () => {
    const { asked, watch } = table({});
    const left = AbortSignal.abort();
    await watch.changed('gen_1', 'running', left);
    expect(asked).toEqual([]);
    await watch.changed('gen_1', 'running', never);
    const count = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toHaveLength(count);
  });
});
