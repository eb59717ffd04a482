import { expect, it } from 'vitest';
import { describeEachEngine } from '../../../test/postgres/databases.ts';
import { vacuumIfDue } from './vacuum.ts';

describeEachEngine('housekeeping', (open, kind) => {
  it(
    kind === 'embedded' ? 'frees the rows that updates left dead, and does nothing more until it is due' : 'is left to autovacuum',
    async () => {
      const db = await open();
      await db.query({ text: 'create table "Odd ""name""" (n int)' });
      await db.query({ text: 'insert into "Odd ""name""" select generate_series(1, 2000)' });
      for (let i = 0; i < 3; i++) await db.query({ text: 'update "Odd ""name""" set n = n + 1' });
      await db.query({ text: 'select pg_stat_force_next_flush()' }).catch(() => undefined);
      const dead = async () => {
        const { rows } = await db.query({ text: `select n_dead_tup::int as dead from pg_stat_user_tables where relname like 'Odd%'` });
        return rows[0]?.['dead'];
      };
      if (kind === 'postgres') {
        expect(await vacuumIfDue(db)).toEqual([]);
        return;
      }
      expect(await dead()).toBe(6000);
      expect(await vacuumIfDue(db)).toContain('public."Odd ""name"""');
      expect(await dead()).toBe(0);
      expect(await vacuumIfDue(db)).toEqual([]);
    },
  );
});
