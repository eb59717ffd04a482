import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../tools/mutants/list.ts';
import { applyMutant, type Mutant } from '../tools/mutants/mutant.ts';

describe('the planted faults', () => {
  it.each(MUTANTS)('$id still fits the code', (mutant) => {
    const text = readFileSync(mutant.file, 'utf8');
    expect(applyMutant(mutant, text)).not.toBe(text);
    expect(mutant.tests.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('have names of their own', () => {
    expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  });

  it('are not planted where the code has moved on, or has the text twice', () => {
    const mutant: Mutant = { id: 'one', file: 'a.ts', find: 'x >= 1', replace: 'x > 1', matters: '', tests: [] };
    expect(applyMutant(mutant, 'if (x >= 1)')).toBe('if (x > 1)');
    for (const text of ['if (x > 1)', 'x >= 1 || x >= 1']) expect(() => applyMutant(mutant, text)).toThrow('one: a.ts has the text');
    expect(applyMutant({ ...mutant, replace: "$&$'" }, 'x >= 1;')).toBe("$&$';");
  });
});
