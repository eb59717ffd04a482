import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { HEADS } from './heads.ts';
import { lessonOf } from './label-rows.ts';

const row = { text: 'x', lang: 'en', unsafe: 1, categories: ['hate'], group: '1' } as const;

describe('what heads learn', () => {
  it('aims at the thresholds of the standard policy', async () => {
    const policy = parse(await readFile(new URL('../../../../policies/standard/policy.yaml', import.meta.url), 'utf8'));
    for (const { category, hold, block } of HEADS) expect(policy.thresholds[category]).toEqual({ hold, block });
  });

  it('takes nothing from share-alike sources, nor from sources that nobody knows', () => {
    for (const source of ['told-br', 'korean-hate', 'ud-ud_german-pud', 'somewhere'])
      expect(lessonOf({ ...row, categories: [...row.categories], source })).toBeUndefined();
  });

  it('takes no risky rows in other languages than English, which would teach the language', () => {
    expect(lessonOf({ ...row, categories: ['hate'], source: 'multilingual-hatecheck', lang: 'de' })).toBeUndefined();
    expect(lessonOf({ ...row, categories: [], unsafe: 0, source: 'multilingual-hatecheck', lang: 'de' })).toBeDefined();
  });
});
