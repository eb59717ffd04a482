import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { ImageModel } from '../../contracts/image-model.ts';
import { migrate } from '../../storage/migrate.ts';
import { createModelCare, type Ending } from './model-care.ts';
import { createRefusalWatch } from './refusal-watch.ts';
import { shareCare } from './share-care.ts';

const model: ImageModel = { name: 'a', kind: 'scripted', operations: ['generate'], plan: () => ({ notes: [] }), async *render() {} };
const DOWN: Ending = { kind: 'failed', failure: { cause: 'unreachable', retryable: true, reachedModel: false, detail: '' } };
const BLOCKED: Ending = {
  kind: 'refused',
  refusal: { stage: 'account', categories: [], upstreamCategories: [], retryable: false, charged: null },
};

describeEachDatabase('what processes tell each other of upstreams', (open) => {
  it('is whom to leave alone and who rests: learned in one process, it counts in the other, once', async () => {
    const db = await open();
    await migrate(db);
    const process = (instanceId: string) => {
      const told: string[] = [];
      const care = createModelCare({
        models: new Map([['a', model]]),
        neighbors: new Map(),
        limits: { failuresToRest: 2, restMs: 60_000, accountRestMs: 60_000 },
        onAccount: (name, state) => told.push(`${name} ${state}`),
      });
      const refusals = createRefusalWatch({ most: 3, windowMs: 60_000 });
      const state = () => care.health()[0]?.state;
      return { care, refusals, told, state, ...shareCare({ db, instanceId, care, refusals }) };
    };
    const [one, other] = [process('ins_one'), process('ins_other')];
    for (let i = 0; i < 2; i++) one.care.ended('a', DOWN);
    for (let i = 0; i < 2; i++) one.refusals.refused('u-1');
    await one.exchange();
    expect([one.state(), other.state()]).toEqual(['resting', 'works']);
    for (let i = 0; i < 3; i++) await other.exchange();
    expect([other.state(), other.refusals.restOf('u-1')]).toEqual(['resting', 0]);
    other.refusals.refused('u-1');
    expect(other.refusals.restOf('u-1')).toBeGreaterThan(50_000);
    await other.exchange();
    await one.exchange();
    expect([one.refusals.restOf('u-1') > 50_000, one.refusals.restOf('u-2')]).toEqual([true, 0]);
    other.care.ended('a', BLOCKED);
    await other.exchange();
    await one.exchange();
    expect([one.state(), one.told, other.told]).toEqual(['account_blocked', [], ['a blocked']]);
    await db.query({ text: "update upstream_rests set until = now() - interval '1 second'" });
    await one.sweep();
    expect((await db.query({ text: 'select 1 from upstream_rests' })).rowCount).toBe(0);
  });
});
