import { describe, expect, it } from 'vitest';
import type { ImageModel, RefusalStage, UpstreamFailureCause } from '../../contracts/image-model.ts';
import { createModelCare, type Ending, type ModelNeighbors } from './model-care.ts';
import { createRefusalWatch } from './refusal-watch.ts';

const model = (name: string, operations: ImageModel['operations'] = ['generate']): [string, ImageModel] => [
  name,
  { name, kind: 'scripted', operations, plan: () => ({ notes: [] }), async *render() {} },
];
const failed = (cause: UpstreamFailureCause): Ending => ({
  kind: 'failed',
  failure: { cause, retryable: false, reachedModel: true, detail: '' },
});
const refused = (stage: RefusalStage): Ending => ({
  kind: 'refused',
  refusal: { stage, categories: [], upstreamCategories: [], retryable: false, charged: null },
});
const final: Ending = { kind: 'final', images: [], usage: null, modelVersion: '1' };

function watch(neighbors: Record<string, ModelNeighbors> = {}) {
  let now = 0;
  const told: string[] = [];
  const care = createModelCare({
    models: new Map([model('a'), model('b'), model('c'), model('editor', ['edit'])]),
    neighbors: new Map(Object.entries(neighbors)),
    limits: { failuresToRest: 3, restMs: 1_000, accountRestMs: 60_000 },
    onAccount: (name, state) => told.push(`${name} ${state}`),
    clock: () => now,
  });
  const routes = (name: string, more: { operation?: 'generate' | 'edit'; isConservative?: boolean } = {}) => {
    const { models, none } = care.routesFor({ model: name, operation: 'generate', isConservative: false, ...more });
    return none ?? models.map((one) => one.name);
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { care, told, routes, pass };
}

describe('looking after models', () => {
  it('asks the model itself first, then those that stand in for it, each once and three at most', () => {
    const { routes } = watch({ a: { fallback: 'b' }, b: { fallback: 'c' }, c: { fallback: 'a' } });
    expect([routes('a'), routes('b')]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
    ]);
  });

  it('asks nobody for what they cannot do', () => {
    expect(watch({ a: { fallback: 'editor' } }).routes('a')).toEqual(['a']);
  });

  it('asks the safer model where policy wants care', () => {
    const { routes } = watch({ a: { saferModel: 'b' } });
    expect([routes('a'), routes('a', { isConservative: true }), routes('c', { isConservative: true })]).toEqual([['a'], ['b'], ['c']]);
  });

  it('comes by no fallback to a model that names a safer one where policy wants care', () => {
    const { routes } = watch({ a: { saferModel: 'b' }, b: { fallback: 'a' } });
    expect([routes('a', { isConservative: true }), routes('b', { isConservative: true }), routes('b')]).toEqual([['b'], ['b'], ['b', 'a']]);
    const others = watch({ a: { saferModel: 'c', fallback: 'b' }, b: { fallback: 'a' } });
    expect([others.routes('b', { isConservative: true }), others.routes('b')]).toEqual([
      ['b', 'c'],
      ['b', 'a'],
    ]);
  });

  it('leaves a model alone that failed too often in a row, and tries it again after a while', () => {
    const { care, routes, pass } = watch({ a: { fallback: 'b' } });
    for (const cause of ['unreachable', 'server_error', 'timed_out'] as const) care.ended('a', failed(cause));
    expect([routes('a'), care.health()[0]?.state]).toEqual([['b'], 'resting']);
    pass(1_001);
    expect(routes('a')).toEqual(['a', 'b']);
    care.ended('a', failed('reset'));
    expect(routes('a')).toEqual(['b']);
    expect(watch().routes('a')).toEqual(['a']);
  });

  it('takes refusals, and requests that the upstream does not understand, for signs of health', () => {
    const { care, routes } = watch();
    for (let i = 0; i < 20; i++) care.ended('a', i % 2 === 0 ? refused('input') : failed('rejected_request'));
    expect(routes('a')).toEqual(['a']);
    for (let i = 0; i < 20; i++) care.ended('a', i % 3 === 2 ? final : failed('server_error'));
    expect(routes('a')).toEqual(['a']);
  });

  it('goes to another model when an account is blocked, tells once, and tells when it works again', () => {
    const { care, routes, told, pass } = watch({ a: { fallback: 'b' } });
    care.ended('a', refused('account'));
    care.ended('a', refused('account'));
    expect([routes('a'), told]).toEqual([['b'], ['a blocked']]);
    pass(60_001);
    expect(routes('a')).toEqual(['a', 'b']);
    care.ended('a', final);
    expect(told).toEqual(['a blocked', 'a works']);
  });

  it('says why nobody may serve', () => {
    const { care, routes } = watch();
    care.ended('a', refused('account'));
    for (let i = 0; i < 3; i++) care.ended('b', failed('unreachable'));
    expect([routes('a'), routes('b')]).toEqual(['account_blocked', 'resting']);
  });
});

describe('users whom upstreams keep refusing', () => {
  it('rest until the window has moved on, and nobody else does', () => {
    let now = 0;
    const watched = createRefusalWatch({ most: 3, windowMs: 1_000, clock: () => now });
    for (let i = 0; i < 3; i++) {
      expect(watched.restOf('u1')).toBe(0);
      watched.refused('u1');
      now += 100;
    }
    expect([watched.restOf('u1'), watched.restOf('u2')]).toEqual([700, 0]);
    now += 701;
    expect(watched.restOf('u1')).toBe(0);
  });
});
