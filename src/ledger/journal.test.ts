import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Act } from '../storage/act.ts';
import { createJournal } from './journal.ts';
import { leafHash } from './merkle.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');

function journal(commit: () => Promise<void> = async () => undefined) {
  const acts: Act[] = [];
  const steps: string[] = [];
  const made = createJournal({
    async submit(act) {
      acts.push(act);
      await sleep(2);
      await commit();
      steps.push('durable');
    },
    committed: () => steps.push('told'),
    now: () => NOW,
  });
  return { ...made, acts, steps };
}

describe('the journal', () => {
  it('tells the sequencer, and its caller, only once the act is durable', async () => {
    const { record, steps } = journal();
    await record({}, [{ kind: 'gateway.started' }]);
    expect(steps).toEqual(['durable', 'told']);
  });

  it('rejects when the commit fails, and tells nobody', async () => {
    const { record, steps } = journal(() => Promise.reject(new Error('the disk is full')));
    await expect(record({}, [{ kind: 'gateway.started' }])).rejects.toThrow('the disk is full');
    expect(steps).toEqual([]);
  });

  it('says of each entry in which form it is and when it happened', async () => {
    const { record, acts } = journal();
    await record({}, [{ kind: 'one', b: 1, a: 2 }, { kind: 'two' }]);
    expect(acts[0]?.entries.map((entry) => Buffer.from(entry).toString())).toEqual([
      '{"a":2,"at":"2026-11-21T12:00:00.000Z","b":1,"kind":"one","v":1}',
      '{"at":"2026-11-21T12:00:00.000Z","kind":"two","v":1}',
    ]);
  });

  it('lets rows name the leaves of their own entries, in their order', async () => {
    const { record, acts } = journal();
    let named: readonly string[] = [];
    await record(
      (leaves) => {
        named = leaves;
        return {};
      },
      [{ kind: 'one' }, { kind: 'two' }],
    );
    expect(named).toEqual(acts[0]?.entries.map((entry) => Buffer.from(leafHash(entry)).toString('hex')));
    expect(new Set(named).size).toBe(2);
  });

  it('refuses what the ledger could not hold, before anything is written', async () => {
    const { record, acts } = journal();
    await expect(record({}, [{ kind: 'big', text: 'x'.repeat(65_536) }])).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(record({}, [{ kind: '' }])).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(acts).toEqual([]);
  });
});
