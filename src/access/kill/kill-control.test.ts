import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { createJournal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { insertKey } from '../key-store.ts';
import { createKillControl } from './kill-control.ts';
import { openSwitchBoard } from './switch-board.ts';

const USE = { surface: 'api', model: 'studio', operation: 'generate' as const, region: null };
const STAFF_KEY: Omit<Parameters<typeof insertKey>[1], 'madeBy'> = { role: 'operator', application: 'default', surface: 'operator' };
const WISH = { scope: {}, reason: 'a drill', until: null, by: 'key_1' as const };

describeEachDatabase('whoever throws a kill switch', (open) => {
  async function control(liftedBy: 'one' | 'two' = 'one') {
    const db = await open();
    await migrate(db);
    await db.query({ text: "insert into instances (id) values ('ins_1')" });
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const state = { isUp: true };
    const urgent: Database = {
      ...db,
      transaction: (work) => (state.isUp ? db.transaction(work) : Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE'))),
    };
    const errors: unknown[] = [];
    const board = await openSwitchBoard({
      db,
      instanceId: 'ins_1',
      loadGates: async () => undefined,
      onError: () => undefined,
      pollMs: 20,
      maxAgeMs: 60_000,
    });
    const kills = createKillControl({ db, urgent, journal, board, liftedBy: () => liftedBy, onError: (error) => errors.push(error) });
    const entries = async () => {
      const { rows } = await db.query<{ text: string }>({
        text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id",
      });
      return rows.map(({ text }) => JSON.parse(text));
    };
    const close = async () => {
      await kills.stop();
      await board.stop();
    };
    return { db, kills, board, state, entries, errors, close };
  }

  it('hears that it is written down, settled, and seen by every process', async () => {
    const { kills, board, close } = await control();
    const thrown = await kills.throwKill(WISH);
    expect(thrown).toMatchObject({ recorded: true, settled: true, processes: 1, seen: 1 });
    expect(await board.stoppedBy(USE)).toBe(thrown.id);
    expect(await kills.list()).toMatchObject([{ id: thrown.id, state: 'on', thrownBy: 'key_1', seenBy: 1 }]);
    await close();
  });

  it('stops this process though the database is away, and has the switch written down once, when it is back', async () => {
    const { kills, board, state, entries, errors, close } = await control();
    state.isUp = false;
    const throwing = kills.throwKill(WISH);
    await expect.poll(() => board.stoppedBy(USE)).toMatch(/^kill_/);
    const thrown = await throwing;
    expect(thrown).toMatchObject({ recorded: false, settled: false, processes: null, seen: null });
    expect(errors).toHaveLength(1);
    state.isUp = true;
    await expect.poll(async () => (await kills.list()).map(({ id }) => id)).toEqual([thrown.id]);
    expect(await board.stoppedBy(USE)).toBe(thrown.id);
    expect((await entries()).map(({ kind }) => kind)).toEqual(['kill.thrown']);
    await close();
  });

  it('needs a second person to lift it where policy says so, and the first is not the second', async () => {
    const { kills, board, entries, close } = await control('two');
    const { id } = await kills.throwKill(WISH);
    expect(await kills.lift(id, { by: 'key_1', reason: 'it is over' })).toMatchObject({ state: 'lifting', liftAskedBy: 'key_1' });
    await expect(kills.lift(id, { by: 'key_1', reason: null })).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await board.stoppedBy(USE)).toBe(id);
    expect(await kills.lift(id, { by: 'key_2', reason: null })).toMatchObject({
      state: 'lifted',
      liftedBy: 'key_2',
      liftReason: 'it is over',
    });
    expect(await board.stoppedBy(USE)).toBeNull();
    await expect(kills.lift(id, { by: 'key_2', reason: null })).rejects.toMatchObject({ code: 'KILL_NOT_ON' });
    expect((await entries()).map(({ kind }) => kind)).toEqual(['kill.thrown', 'kill.lift_asked', 'kill.lifted']);
    await close();
  });

  it('is not lifted by one person who asks in her session and agrees with her own key, nor the other way round', async () => {
    const { db, kills, close } = await control('two');
    const { key } = await insertKey(db, { ...STAFF_KEY, madeBy: 'user_anna' });
    const { key: other } = await insertKey(db, { ...STAFF_KEY, madeBy: 'user_ben' });
    for (const [first, second] of [
      ['user_anna', key.lineage],
      [key.lineage, 'user_anna'],
    ] as const) {
      const { id } = await kills.throwKill(WISH);
      await kills.lift(id, { by: first, reason: null });
      await expect(kills.lift(id, { by: second, reason: null })).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
      expect(await kills.lift(id, { by: other.lineage, reason: null })).toMatchObject({ state: 'lifted' });
    }
    await close();
  });

  it('has to be asked to lift anew after an hour, by whoever it be', async () => {
    const { db, kills, close } = await control('two');
    const { id } = await kills.throwKill(WISH);
    const asked = await kills.lift(id, { by: 'key_1', reason: null });
    expect(asked.liftEndsAt?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    await db.query({ text: "update kill_switches set lift_asked_at = lift_asked_at - interval '61 minutes'" });
    expect(await kills.list()).toMatchObject([{ state: 'on', liftAskedBy: null, liftEndsAt: null }]);
    expect(await kills.lift(id, { by: 'key_2', reason: null })).toMatchObject({ state: 'lifting', liftAskedBy: 'key_2' });
    expect(await kills.lift(id, { by: 'key_1', reason: null })).toMatchObject({ state: 'lifted', liftAskedBy: 'key_2', liftedBy: 'key_1' });
    await close();
  });

  it('may be two people at once: each has a switch, and lifting one leaves the other', async () => {
    const { kills, board, close } = await control();
    const [one, other] = await Promise.all([kills.throwKill(WISH), kills.throwKill({ ...WISH, by: 'key_2' })]);
    await kills.lift(one.id, { by: 'key_1', reason: null });
    expect(await board.stoppedBy(USE)).toBe(other.id);
    const both = await Promise.allSettled([1, 2].map(() => kills.lift(other.id, { by: 'key_1', reason: null })));
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await close();
  });
});
