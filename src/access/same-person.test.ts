import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { migrate } from '../storage/migrate.ts';
import { insertKey, rotateKey } from './key-store.ts';
import { samePersonAs } from './same-person.ts';
import { recordSignIn } from './user-store.ts';

const STAFF = { role: 'operator', application: 'default', surface: 'api' } as const;

describeEachDatabase('one person of the staff', (open) => {
  async function store() {
    const db = await open();
    await migrate(db);
    const signIn = async (issuer: string, subject: string) =>
      (await recordSignIn(db, { issuer, subject, name: subject, roles: ['reviewer'] })).id;
    const names = async (staff: Parameters<typeof samePersonAs>[1]) => (await samePersonAs(db, staff)).toSorted();
    return { db, signIn, names };
  }

  it('is the same in a browser and by each key that they made there, and no other', async () => {
    const { db, signIn, names } = await store();
    const [ada, bea] = [await signIn('https://id.example', 'ada'), await signIn('https://id.example', 'bea')];
    const own = (await insertKey(db, { ...STAFF, madeBy: ada })).key.lineage;
    const other = (await insertKey(db, { ...STAFF, madeBy: ada })).key.lineage;
    const script = (await insertKey(db, { ...STAFF, madeBy: 'config' })).key.lineage;
    const [all, alone] = [[ada, own, other].toSorted(), [[bea], [script], ['local']]];
    expect([await names(ada), await names(own)]).toEqual([all, all]);
    expect([await names(bea), await names(script), await names('local')]).toEqual(alone);
  });

  it('holds a key that somebody else made once they have turned it over, which makes no one of the two', async () => {
    const { db, signIn, names } = await store();
    const [ada, bea] = [await signIn('https://id.example', 'ada'), await signIn('https://id.example', 'bea')];
    const { key } = await insertKey(db, { ...STAFF, madeBy: ada });
    await rotateKey(db, key.id, { overlapMs: 0, madeBy: bea });
    expect([await names(ada), await names(bea)]).toEqual([[key.lineage, ada].toSorted(), [key.lineage, bea].toSorted()]);
    expect(await names(key.lineage)).toEqual([key.lineage, ada, bea].toSorted());
  });

  it('stays one under whatever name they sign in with the same key, unless it is one for trying out', async () => {
    const { db, signIn, names } = await store();
    const { key } = await insertKey(db, { ...STAFF, madeBy: 'start' });
    const [one, two] = [await signIn('development', `${key.lineage}/One`), await signIn('development', `${key.lineage}/Two`)];
    expect(await names(one)).toEqual([key.lineage, one, two].toSorted());
    const trial = (await insertKey(db, { ...STAFF, madeBy: 'start', development: true })).key.lineage;
    const guest = await signIn('development', `${trial}/Guest`);
    expect(await names(guest)).toEqual([guest]);
  });
});
