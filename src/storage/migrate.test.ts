import { expect, it } from 'vitest';
import { describeEachEngine } from '../../test/postgres/databases.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/list.ts';

const one = { id: '0001-one', sql: 'create table one (n int); insert into one values (1);' };
const two = {
  id: '0002-two',
  sql: `create function doubled(n int) returns int language plpgsql as $$ begin return n * 2; end $$; update one set n = doubled(n);`,
};
const broken = { id: '0002-broken', sql: 'insert into one values (2); insert into nowhere values (1);' };

const numbers = async (db: Database) => (await db.query({ text: 'select n from one order by n' })).rows.map((row) => row['n']);

describeEachEngine('migrations', (open) => {
  it('are applied once, in order, and reported', async () => {
    const db = await open();
    expect(await migrate(db, [one])).toEqual(['0001-one']);
    expect(await migrate(db, [one, two])).toEqual(['0002-two']);
    expect(await migrate(db, [one, two])).toEqual([]);
    expect(await numbers(db)).toEqual([2]);
  });

  it('are applied once when several processes start at the same time', async () => {
    const db = await open();
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(db, [one, two])));
    expect(applied.flat().sort()).toEqual(['0001-one', '0002-two']);
    expect(await numbers(db)).toEqual([2]);
  });

  it('leave nothing behind when one fails, and keep those before it', async () => {
    const db = await open();
    await expect(migrate(db, [one, broken])).rejects.toMatchObject({ code: '42P01' });
    expect(await numbers(db)).toEqual([1]);
    expect(await migrate(db, [one, two])).toEqual(['0002-two']);
  });

  it('are refused when one that was applied has changed since', async () => {
    const db = await open();
    await migrate(db, [one]);
    const changed = { ...one, sql: `${one.sql} ` };
    await expect(migrate(db, [changed, two])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('0001-one'),
    });
    expect(await numbers(db)).toEqual([1]);
  });

  it('are refused when a newer build has used the database', async () => {
    const db = await open();
    await migrate(db, [one, two]);
    await expect(migrate(db, [one])).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('newer build') });
  });

  it('are refused when one is slipped in before one that was applied', async () => {
    const db = await open();
    await migrate(db, [{ ...two, sql: 'select 1' }]);
    await expect(migrate(db, [one, { ...two, sql: 'select 1' }])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('are refused when their ids do not rise', async () => {
    const db = await open();
    for (const list of [[two, one], [one, { ...two, id: '0001-two' }], [{ ...one, id: 'first' }]]) {
      await expect(migrate(db, list)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    }
  });

  it('of this build apply to an empty database', async () => {
    const db = await open();
    expect(await migrate(db)).toEqual(MIGRATIONS.map(({ id }) => id));
    expect(await migrate(db)).toEqual([]);
  });
});
