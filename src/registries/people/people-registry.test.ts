import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { newId } from '../../contracts/ids.ts';
import { memoryEvidence } from '../../evidence/memory-evidence.fixture.ts';
import { createJournal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { aConsent, aListing, faceOf, near } from './faces.fixture.ts';
import { lookAlikes } from './people-index.ts';
import { createPeopleRegistry, type PeopleRegistry } from './people-registry.ts';
import { openVault } from './person-vault.ts';
import { standingOf } from './standing.ts';

const occasion = { at: new Date(), operation: 'edit' as const, surface: 'api', application: 'default', regions: undefined };
const nobody = newId('person');

async function standing(registry: PeopleRegistry, face = faceOf(1)) {
  const [found] = lookAlikes(await registry.current(), face, 0.48);
  return found === undefined ? null : standingOf(found.person.entries, occasion);
}

async function start(open: () => Promise<Database>) {
  const db = await open();
  await migrate(db);
  const evidence = memoryEvidence();
  const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
  const another = () => createPeopleRegistry({ db, journal, evidence });
  const ledger = async () => {
    const { rows } = await db.query({ text: 'select entry from ledger_outbox order by id' });
    return rows.map(({ entry }) => Buffer.from(z.instanceof(Uint8Array).parse(entry)).toString());
  };
  return { db, evidence, another, ledger, registry: another() };
}

describeEachDatabase('the register of people', (open, kind) => {
  it('knows who is listed, here and at once in another process, until they are removed', async () => {
    const { registry, another } = await start(open);
    const elsewhere = another();
    expect(await standing(elsewhere)).toBeNull();
    const { id, faceCount, entries } = await registry.add(aListing());
    expect([faceCount, entries.map(({ list }) => list)]).toEqual([1, ['protected']]);
    for (const one of [registry, elsewhere]) expect(await standing(one, near(faceOf(1), 0.4))).toBe('protected');
    expect(await standing(elsewhere, faceOf(2))).toBeNull();
    expect(await registry.remove(id, 'local')).toEqual({ isKeyDestroyed: true });
    for (const one of [registry, elsewhere]) expect(await standing(one)).toBeNull();
    await expect(registry.remove(id, 'local')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('counts a consent that was taken back for nothing, at once and everywhere: the person is then known not to agree', async () => {
    const { registry, another } = await start(open);
    const elsewhere = another();
    const { id } = await registry.add(aConsent());
    expect(await standing(elsewhere)).toBe('consented');
    const { entries } = await registry.revoke(id, 'local');
    expect(entries[0]?.revokedAt).toBeInstanceOf(Date);
    expect(await standing(elsewhere)).toBe('no-consent');
    await expect(registry.revoke(id, 'local')).rejects.toThrow('nothing left to take back');
  });

  it('sees a twin also when both are put in at the same moment', async () => {
    const { registry, another } = await start(open);
    const results = await Promise.allSettled([registry.add(aListing()), another().add(aListing())]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  // The rest is the same code on both engines.
  if (kind === 'postgres') return;

  it('takes one entry back by its id and leaves the others', async () => {
    const { registry } = await start(open);
    const { id, entries } = await registry.add(aListing({ list: 'no_consent' }));
    await registry.add(aConsent({ sameAs: id }));
    expect(await standing(registry)).toBe('no-consent');
    await registry.revoke(entries[0]!.id, 'local');
    expect(await standing(registry)).toBe('consented');
  });

  it('asks about somebody who looks like one who is listed, and says which', async () => {
    const { registry } = await start(open);
    const { id } = await registry.add(aListing());
    const twin = aListing({ faces: [near(faceOf(1), 0.3)] });
    await expect(registry.add(twin)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      publicMessage: expect.stringContaining(`${id}, at a distance of 0.30`),
    });
    expect((await registry.add({ ...twin, distinctFrom: [id] })).id).not.toBe(id);
    expect((await registry.add({ ...aListing({ faces: [near(faceOf(1), -0.4)] }), sameAs: id })).faceCount).toBe(2);
    expect(await registry.list()).toHaveLength(2);
  });

  it('refuses pictures of two people, and a face that is not that of the person who is named', async () => {
    const { registry, evidence } = await start(open);
    await expect(registry.add(aListing({ faces: [faceOf(1), faceOf(2)] }))).rejects.toThrow(
      'Picture 2 does not show the person of picture 1',
    );
    const { id } = await registry.add(aListing());
    await expect(registry.add(aListing({ faces: [faceOf(2)], sameAs: id }))).rejects.toThrow(`do not show ${id}`);
    await expect(registry.add(aListing({ faces: [faceOf(3)], sameAs: nobody }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // Nothing of what was refused stays.
    expect(evidence.blobs.size).toBe(1);
  });

  it('says that there are too many faces of somebody, and drops none in silence', async () => {
    const { registry } = await start(open);
    const copies = (count: number) => Array.from({ length: count }, (_, at) => near(faceOf(1), at / 100));
    const { id } = await registry.add(aListing({ faces: copies(10) }));
    expect((await registry.add(aListing({ faces: copies(6), sameAs: id }))).faceCount).toBe(16);
    await expect(registry.add(aListing({ faces: copies(1), sameAs: id }))).rejects.toThrow(`There are 16 faces of ${id}, and 16 at most`);
    expect((await registry.add(aListing({ faces: [], sameAs: id, list: 'no_consent' }))).entries).toHaveLength(3);
  });

  it('tells a name only to who asks for it, and writes that down', async () => {
    const { registry, ledger } = await start(open);
    const { id } = await registry.add(aListing());
    expect(await registry.nameOf(id, 'key_7')).toBe('Ada Example');
    expect(JSON.parse((await ledger()).at(-1)!)).toMatchObject({ kind: 'person.name_read', person: id, by: 'key_7' });
  });

  it('keeps no name, no reference and no face in the clear: not in the database, not in the ledger, not in what it lists', async () => {
    const { db, registry, ledger, evidence } = await start(open);
    const { id } = await registry.add(aConsent({ document: Buffer.from('I, Ada Example, agree.') }));
    await registry.revoke(id, 'local');
    const { rows } = await db.query({ text: 'select p::text || e::text as all from people p join people_entries e on e.person_id = p.id' });
    const stored = rows.map((row) => String(row['all'])).join();
    const face = Buffer.from(faceOf(1).buffer);
    for (const secret of ['Ada', 'contract 7', 'agree']) {
      const hex = Buffer.from(secret).toString('hex');
      expect(
        [stored, ...(await ledger()), JSON.stringify(await registry.list())].some((text) => text.includes(secret) || text.includes(hex)),
      ).toBe(false);
      expect([...evidence.blobs.values()].some((blob) => Buffer.from(blob).includes(secret))).toBe(false);
    }
    expect(stored).not.toContain(face.subarray(0, 16).toString('hex'));
    expect((await ledger()).join()).not.toContain('0.1');
    expect(JSON.parse((await ledger())[0]!)).toMatchObject({
      kind: 'person.listed',
      person: id,
      list: 'consent',
      commitment: expect.stringMatching(/^hmac-sha256:/),
    });
  });

  it('destroys the key with the person, so that a copy of the database from before does not open', async () => {
    const { db, registry, evidence } = await start(open);
    const { id } = await registry.add(aConsent({ document: Buffer.from('signed') }));
    const copy = (await db.query({ text: 'select key_blob, about, faces from people' })).rows[0]!;
    const vault = await openVault(id, String(copy['key_blob']), evidence);
    const faces = z.instanceof(Uint8Array).parse(copy['faces']);
    expect((await vault.open('faces', faces)).length).toBe(512);
    await registry.remove(id, 'local');
    expect(evidence.blobs.size).toBe(0);
    await expect(openVault(id, String(copy['key_blob']), evidence)).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
  });

  it('destroys a key later when it could not be at once', async () => {
    const { db, registry, evidence, another } = await start(open);
    const { id } = await registry.add(aListing());
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    const broken = createPeopleRegistry({ db, journal, evidence: { ...evidence, shred: () => Promise.reject(new Error('disk')) } });
    expect(await broken.remove(id, 'local')).toEqual({ isKeyDestroyed: false });
    expect(evidence.blobs.size).toBe(1);
    expect(await another().tidy()).toBe(true);
    expect(evidence.blobs.size).toBe(0);
  });

  it('is not read at all when one person cannot be opened: nobody then knows who is listed', async () => {
    const { db, registry, evidence, another } = await start(open);
    const { id } = await registry.add(aListing());
    await registry.add(aListing({ faces: [faceOf(2)] }));
    const key = String((await db.query({ text: 'select key_blob from people where id = $1', values: [id] })).rows[0]?.['key_blob']);
    evidence.blobs.delete(key);
    await expect(another().current()).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
    await registry.remove(id, 'local');
    expect((await another().current()).people).toHaveLength(1);
  });

  it('does not take the faces of one person for those of another, whoever swaps them in the database', async () => {
    const { db, registry, another } = await start(open);
    await registry.add(aListing());
    await registry.add(aListing({ faces: [faceOf(2)] }));
    await db.query({ text: `update people p set faces = o.faces from people o where o.id <> p.id` });
    await expect(another().current()).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
  });
});
