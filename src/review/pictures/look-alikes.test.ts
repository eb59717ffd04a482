import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { openPress, prepare, spots } from '../../provenance/recovery/published.fixture.ts';
import { pdqFromBytes } from '../../registries/pdq/pdq-bits.ts';
import { probeOf, takenDownLookAlikes } from './look-alikes.ts';

let press: Awaited<ReturnType<typeof openPress>>;
beforeAll(async () => {
  press = await openPress();
});
afterAll(() => press?.close());

describeEachDatabase('pictures that were taken down and look like this one', (open) => {
  it('of suspected child abuse are told to nobody who is not cleared for it', async () => {
    const db = await prepare(await open());
    const value = new Uint8Array(32).fill(0x5a);
    const { id } = await press.publish(db, await spots(1), 'png', { binding: { alg: 'org.imprimatur.pdq', value, kind: 'fingerprint' } });
    await db.query({ text: "insert into takedowns (artifact_id, reason, taken_by) values ($1, 'test', 'local')", values: [id] });
    const probe = probeOf([{ mediaId: 'output-0', width: 8, height: 8, pdq: pdqFromBytes(value) }]);
    const told = async (isCleared: boolean) =>
      (await takenDownLookAlikes(db, probe, { isCleared, limit: 5 })).map(({ artifactId }) => artifactId);
    expect(await told(false)).toEqual([id]);

    await db.query({
      text: `insert into cases (id, kind, generation_id, state, queue, restricted, subject, categories, opened_at)
             values ('case_1', 'notice', 'gen_1', 'blocked', 'child_safety', true, '{}', '{}', now())`,
    });
    expect(await told(false)).toEqual([]);
    expect(await told(true)).toEqual([id]);
  });

  it('and were reported as that neither, where the report is about several generations', async () => {
    const db = await prepare(await open());
    const value = new Uint8Array(32).fill(0x5a);
    const { id } = await press.publish(db, await spots(1), 'png', { binding: { alg: 'org.imprimatur.pdq', value, kind: 'fingerprint' } });
    await db.query({ text: "insert into takedowns (artifact_id, reason, taken_by) values ($1, 'test', 'local')", values: [id] });
    await db.query({
      text: `insert into cases (id, kind, state, queue, restricted, subject, categories, opened_at)
             values ('case_2', 'notice', 'blocked', 'child_safety', true, '{}', '{}', now())`,
    });
    await db.query({
      text: `insert into notices (id, receipt, secret_hash, case_id, kind, lane, language) values ('ntc_1', 'r', '\\x00', 'case_2', 'x', 'public', 'en')`,
    });
    await db.query({ text: "insert into notice_targets (notice_id, artifact_id, found_by) values ('ntc_1', $1, 'id')", values: [id] });
    const probe = probeOf([{ mediaId: 'output-0', width: 8, height: 8, pdq: pdqFromBytes(value) }]);
    expect(await takenDownLookAlikes(db, probe, { isCleared: false, limit: 5 })).toEqual([]);
  });
});
