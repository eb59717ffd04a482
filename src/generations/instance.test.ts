import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import type { Database } from '../storage/database.ts';
import { generationRow } from '../storage/generation-row.fixture.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { startInstance } from './instance.ts';

const LONG_AGO = new Date(Date.now() - 60_000).toISOString();

async function leave(db: Database, owner: string, id: string, created_at = LONG_AGO): Promise<void> {
  await writeActs(db, [{ generation: generationRow(id, { owner, created_at }), entries: [Buffer.from('begun')] }]);
}

describeEachDatabase('a process that starts', (open, kind) => {
  async function start(given: { running?: readonly string[]; prepare?: (db: Database) => Promise<unknown> } = {}) {
    const db = await open();
    await migrate(db);
    await given.prepare?.(db);
    const journal = recordingJournal();
    const errors: unknown[] = [];
    const instance = await startInstance('ins_me', {
      db,
      journal,
      isRunningHere: (id) => given.running?.includes(id) ?? false,
      onError: (error) => errors.push(error),
    });
    await instance.stop();
    const interrupted = journal.entries().filter((entry) => entry['kind'] === 'generation.interrupted');
    return { db, journal, errors, interrupted: interrupted.map(({ generation }) => generation) };
  }

  it('ends what a dead one left running, in the ledger, and promises nobody that a retry is free', async () => {
    const { interrupted, journal } = await start({ prepare: (db) => leave(db, 'ins_dead', 'gen_left') });
    expect(interrupted).toEqual(['gen_left']);
    expect(journal.acts[0]?.generationUpdate).toEqual({
      id: 'gen_left',
      from: ['running'],
      state: 'interrupted',
      answer: { kind: 'failed', code: 'GENERATION_LOST' },
      intent_released: false,
    });
  });

  it('leaves alone what it works on itself, and what began just now', async () => {
    const { interrupted } = await start({
      running: ['gen_mine'],
      prepare: async (db) => {
        await leave(db, 'ins_me', 'gen_mine');
        await leave(db, 'ins_dead', 'gen_new', new Date().toISOString());
      },
    });
    expect(interrupted).toEqual([]);
  });

  it('ends its own when it lost hold of it', async () => {
    expect((await start({ prepare: (db) => leave(db, 'ins_me', 'gen_dropped') })).interrupted).toEqual(['gen_dropped']);
  });

  it(
    kind === 'postgres' ? 'leaves alone what another living process works on' : 'knows that nobody else can live on its own database',
    async () => {
      const { interrupted } = await start({
        prepare: async (db) => {
          await db.query({ text: "insert into instances (id) values ('ins_alive')" });
          await db.query({
            text: "insert into instances (id, heartbeat_at) values ('ins_silent', clock_timestamp() - interval '31 seconds')",
          });
          await leave(db, 'ins_alive', 'gen_theirs');
          await leave(db, 'ins_silent', 'gen_left');
        },
      });
      expect([...interrupted].sort()).toEqual(kind === 'postgres' ? ['gen_left'] : ['gen_left', 'gen_theirs']);
    },
  );

  it('takes its name off the list when it stops', async () => {
    const { db, errors } = await start();
    expect((await db.query({ text: 'select * from instances' })).rows).toEqual([]);
    expect(errors).toEqual([]);
  });
});
