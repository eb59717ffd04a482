import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../contracts/submission.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyText } from './policy.fixture.ts';

describe('request parameters under the standard policy', async () => {
  const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
  const clamp = (parameters: Record<string, ParameterValue>) => policy.clamp(parameters);

  it('leaves alone what weakens nothing, and adds nothing', () => {
    const parameters = { size: '1024x1024', moderation: 'auto', safety_tolerance: 1, input: { steps: 4 } };
    expect(clamp(parameters)).toEqual({ parameters, notes: [] });
  });

  it('takes back what switches off a safety of the model, and says so', () => {
    expect(clamp({ moderation: 'low', safety_tolerance: 6, enable_safety_checker: false, disable_safety_checker: true })).toEqual({
      parameters: { moderation: 'auto', safety_tolerance: 2, enable_safety_checker: true },
      notes: [
        { name: 'moderation', what: 'clamped', to: 'auto' },
        { name: 'safety_tolerance', what: 'clamped', to: '2' },
        { name: 'enable_safety_checker', what: 'clamped', to: 'true' },
        { name: 'disable_safety_checker', what: 'clamped' },
      ],
    });
  });

  it.each(['6', '0x9', '1e9', '', ' 1', '２', '1_0', null, true, [1], { a: 1 }, Number.NaN, Number.POSITIVE_INFINITY])(
    'reads no tolerance of 2 or less out of %j',
    (safety_tolerance) => {
      expect(clamp({ safety_tolerance }).parameters).toEqual({ safety_tolerance: 2 });
    },
  );

  it('lets a small number pass that a form sent as text', () => {
    expect(clamp({ safety_tolerance: '1' })).toEqual({ parameters: { safety_tolerance: '1' }, notes: [] });
  });

  it('finds a parameter that hides in nested options', () => {
    const { parameters, notes } = clamp({ input: { list: [{ disable_safety_checker: true, safety_tolerance: 5 }] } });
    expect(parameters).toEqual({ input: { list: [{ safety_tolerance: 2 }] } });
    expect(notes.map(({ name }) => name)).toEqual(['disable_safety_checker', 'safety_tolerance']);
  });

  it('drops what is nested deeper than any model reads', () => {
    let value: ParameterValue = { disable_safety_checker: true };
    for (let i = 0; i < 5000; i++) value = i % 2 === 0 ? [value] : { x: value };
    const { parameters, notes } = clamp({ value });
    expect(JSON.stringify(parameters)).not.toContain('disable');
    expect(notes).toEqual([{ name: 'nested', what: 'clamped' }]);
  });

  it('is not led astray by the prototype key', () => {
    const { parameters } = clamp(JSON.parse('{"__proto__": {"moderation": "low"}, "constructor": 1}'));
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
    expect(JSON.stringify(parameters)).toBe('{"__proto__":{"moderation":"auto"},"constructor":1}');
  });
});
