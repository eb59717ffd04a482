import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aRequest } from '../../contracts/stages.fixture.ts';
import { isUsed, parseCapability } from './capability.ts';
import { type Gate, gateRuleSchema } from './gate.ts';
import { createBuckets, letsThrough, type Visitor } from './judge-gate.ts';
import { narrowed } from './narrowed.ts';

const bucketOf = createBuckets(new Uint8Array(32).fill(7));
const visitor = (more: Partial<Visitor> = {}): Visitor => ({
  surface: 'app',
  region: 'DE',
  application: 'default',
  keyId: 'key_1',
  user: 'u1',
  ...more,
});

function gate(rule: unknown, capability = 'studio:edit'): Gate {
  const parsed = parseCapability(capability);
  if (parsed === null) throw new Error(capability);
  return {
    capability: parsed,
    rule: gateRuleSchema.parse(rule),
    version: 1,
    reason: null,
    changedBy: 'key_1',
    changedAt: new Date(),
    evidence: {},
  };
}
const passes = (rule: unknown, who: Partial<Visitor> = {}) => letsThrough(gate(rule), visitor(who), bucketOf);

describe('a gate', () => {
  it('is for nobody, for all, or for those listed', () => {
    expect([passes({ state: 'off' }), passes({ state: 'on' })]).toEqual([false, true]);
    const listed = { state: 'allowlist', allow: ['user-digest:u1', 'key:key_9', 'application:studio'] };
    expect([passes(listed), passes(listed, { user: 'u2' }), passes(listed, { user: null })]).toEqual([true, false, false]);
    expect([passes(listed, { user: null, keyId: 'key_9' }), passes(listed, { user: null, application: 'studio' })]).toEqual([true, true]);
  });

  it('lets the same users through however often they come, and more of them when its share grows, none less', () => {
    const users = Array.from({ length: 2_000 }, (_, i) => `user ${i}`);
    const inside = (percent: number) => users.filter((user) => passes({ state: 'percent', percent }, { user }));
    const [few, more] = [inside(5), inside(20)];
    expect(inside(5)).toEqual(few);
    expect(few.length / users.length).toBeCloseTo(0.05, 1);
    expect(more.length / users.length).toBeCloseTo(0.2, 1);
    expect(few.filter((user) => !more.includes(user))).toEqual([]);
    expect([inside(0).length, inside(100).length]).toEqual([0, users.length]);
  });

  it('does not hand every new capability to the same users first', () => {
    const users = Array.from({ length: 1_000 }, (_, i) => `user ${i}`);
    const inside = (capability: string) =>
      users.filter((user) => letsThrough(gate({ state: 'percent', percent: 10 }, capability), visitor({ user }), bucketOf));
    const [edits, variations] = [inside('studio:edit'), inside('studio:variation')];
    expect(edits.filter((user) => variations.includes(user)).length).toBeLessThan(40);
  });

  it('keeps out of a share whoever is not named: nobody could be sure that it is the same one next time', () => {
    expect([passes({ state: 'percent', percent: 99 }, { user: null }), passes({ state: 'percent', percent: 100 }, { user: null })]).toEqual(
      [false, true],
    );
  });

  it('may differ by surface and region; what names most decides, and of two that name as much the stricter', () => {
    const rule = {
      state: 'off',
      overrides: [
        { surface: 'internal', state: 'on' },
        { region: 'DE', state: 'off' },
        { surface: 'internal', region: 'FR', state: 'on' },
      ],
    };
    expect(passes(rule)).toBe(false);
    expect(passes(rule, { surface: 'internal', region: 'US' })).toBe(true);
    expect(passes(rule, { surface: 'internal', region: 'DE' })).toBe(false);
    expect(
      passes({ ...rule, overrides: [...rule.overrides, { surface: 'internal', region: 'EU', state: 'on' }] }, { surface: 'internal' }),
    ).toBe(true);
  });

  it('is closed to whoever may come from a region where it is closed', () => {
    const rule = { state: 'on', overrides: [{ region: 'US-IL', state: 'off' }] };
    expect([passes(rule), passes(rule, { region: 'US' }), passes(rule, { region: null }), passes(rule, { region: 'US-NY' })]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(passes({ state: 'off', overrides: [{ region: 'DE', state: 'on' }] }, { region: null })).toBe(false);
  });

  it('lets nobody in by an override of a region of which only something larger is known: they may be there or not', () => {
    const open = (region: string) => ({ state: 'off', overrides: [{ region, state: 'on' }] });
    expect([passes(open('US-CA'), { region: 'US' }), passes(open('DE'), { region: 'EU' }), passes(open('EU'), { region: null })]).toEqual([
      false,
      false,
      false,
    ]);
    expect([
      passes(open('US-CA'), { region: 'US-CA' }),
      passes(open('US'), { region: 'US-CA' }),
      passes(open('EU'), { region: 'DE-BY' }),
    ]).toEqual([true, true, true]);
    const narrower = { state: 'on', overrides: [{ region: 'US-IL', state: 'percent', percent: 0 }] };
    expect([passes(narrower, { region: 'US' }), passes(narrower, { region: 'US-NY' })]).toEqual([false, true]);
  });

  it.each([
    { state: 'percent' },
    { state: 'percent', percent: 101 },
    { state: 'open' },
    { state: 'allowlist', allow: ['somebody'] },
    { state: 'on', more: 1 },
  ])('does not take %j', (rule) => {
    expect(gateRuleSchema.safeParse(rule).success).toBe(false);
  });
});

describe('a gate that rolls back', () => {
  const parsed = (rule: unknown) => gateRuleSchema.parse(rule);

  it('closes what is wider than its target, keeps what is stricter, and has nothing to do where nothing is wider', () => {
    const overrides = [
      { surface: 'app', state: 'on' },
      { region: 'US-IL', state: 'off' },
      { surface: 'api', state: 'percent', percent: 5, allow: ['user-digest:u1'] },
      { surface: 'kiosk', state: 'allowlist', allow: ['key:key_1'] },
    ];
    expect(narrowed(parsed({ state: 'percent', percent: 5, overrides }), 'allowlist')).toMatchObject({
      state: 'allowlist',
      overrides: [
        { region: 'US-IL', state: 'off' },
        { surface: 'api', state: 'allowlist', allow: ['user-digest:u1'] },
        { surface: 'kiosk', state: 'allowlist' },
      ],
    });
    expect(narrowed(parsed({ state: 'on', overrides }), 'off')).toEqual({ state: 'off', overrides: [{ region: 'US-IL', state: 'off' }] });
    expect(narrowed(parsed({ state: 'off', overrides: [{ surface: 'app', state: 'on' }] }), 'allowlist')).toEqual({ state: 'off' });
    expect(narrowed(parsed({ state: 'off', overrides: [{ surface: 'app', state: 'off' }] }), 'off')).toBeNull();
    expect(narrowed(parsed({ state: 'allowlist' }), 'allowlist')).toBeNull();
  });

  it('never opens to anybody to whom it was closed', () => {
    const one = <Item>(items: readonly Item[]) => fc.constantFrom(...items);
    const admission = {
      state: one(['off', 'allowlist', 'percent', 'on'] as const),
      percent: one([0, 50, 100]),
      allow: fc.subarray(['application:default', 'user-digest:u1', 'key:key_1']),
    };
    const region = one([undefined, 'DE', 'EU', 'US', 'US-CA']);
    const override = fc.record({ ...admission, surface: one([undefined, 'app', 'api']), region });
    const who = fc.record({
      surface: one(['app', 'api']),
      region: one([null, 'DE', 'EU', 'US', 'US-CA']),
      user: one([null, 'u1', 'u2', 'u3']),
    });
    fc.assert(
      fc.property(
        fc.record({ ...admission, overrides: fc.array(override, { maxLength: 4 }) }),
        one(['off', 'allowlist'] as const),
        fc.array(who, { minLength: 1, maxLength: 6 }),
        (written, target, visitors) => {
          const rule = parsed(JSON.parse(JSON.stringify(written)));
          const after = narrowed(rule, target) ?? rule;
          for (const visitor of visitors) if (passes(after, visitor)) expect(passes(rule, visitor)).toBe(true);
          if (target === 'off') for (const visitor of visitors) expect(passes(after, visitor)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a capability', () => {
  const used = (name: string, request = {}) => {
    const capability = parseCapability(name);
    return capability !== null && isUsed(capability, aRequest({ model: 'studio', operation: 'edit', ...request }));
  };

  it('is a model or any, an operation or any, and perhaps an option of the request', () => {
    expect(['studio:edit', '*:edit', 'studio:*', '*:*'].map((name) => used(name))).toEqual([true, true, true, true]);
    expect(['other:edit', 'studio:generate', 'studio:edit:quality=high'].map((name) => used(name))).toEqual([false, false, false]);
    expect(used('studio:edit:quality=high', { parameters: { quality: 'HIGH' } })).toBe(true);
    expect(used('*:*:stream=true', { stream: true })).toBe(true);
    expect(used('*:*:n=many', { n: 2 })).toBe(true);
    expect(used('*:*:mask=true', { inputs: [{ index: 0, role: 'mask', bytes: new Uint8Array(), sha256: '' }] })).toBe(true);
  });

  it.each(['studio', 'studio:paint', ':edit', 'studio:edit:', 'studio:edit:x', 'a b:edit', 'studio:edit:a=b:c'])(
    'cannot be written as %j',
    (name) => {
      expect(parseCapability(name)).toBeNull();
    },
  );
});
