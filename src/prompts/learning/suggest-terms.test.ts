import { describe, expect, it } from 'vitest';
import { parsePromptRules } from '../rules/rules.ts';
import type { LabeledExample } from './labeled-examples.ts';
import { learnedRules } from './learned-rules.ts';
import { suggestTerms } from './suggest-terms.ts';

const SCENES = ['in a garden', 'near a river', 'at night', 'on a table', 'under a tree', 'by the window', 'in the snow', 'at the market'];
const scene = (index: number) => SCENES[index % SCENES.length] ?? '';
const example = (id: number, text: string, more: Partial<LabeledExample> = {}): LabeledExample => ({
  id: `case_${id}`,
  text,
  caller: `key_1/user-${id}`,
  labels: { hate: true },
  ...more,
});
const traffic = Array.from({ length: 300 }, (_, index) => example(1_000 + index, `a dog ${scene(index)}`, { labels: {} }));
const confirmed = (text: string, more: (index: number) => Partial<LabeledExample> = () => ({})) =>
  Array.from({ length: 8 }, (_, index) => example(index, `${text} ${scene(index)}`, more(index)));
const suggest = (examples: readonly LabeledExample[], known: readonly string[] = []) =>
  suggestTerms({ examples, traffic, isKnown: async (term) => known.includes(term) });

describe('words that confirmed cases share', () => {
  it('finds a coded word that no list has, and says in which cases', async () => {
    const [found, ...others] = await suggest(confirmed('a zorbling dog'));
    expect(found).toMatchObject({ category: 'hate', term: 'zorbling', confirmed: 8, callers: 8, benign: 0 });
    expect(found?.examples).toContain('case_3');
    expect(others).toEqual([]);
  });

  it('finds two words that are harmless apart', async () => {
    const harmless = Array.from({ length: 80 }, (_, index) =>
      example(500 + index, `a ${index % 2 ? 'purple' : 'teapot'} ${scene(index)}`, { labels: { hate: false } }),
    );
    const terms = (await suggest([...confirmed('a purple teapot'), ...harmless])).map(({ term }) => term);
    expect(terms).toContain('purple teapot');
  });

  it('reads the word through the tricks that hid it', async () => {
    const [found] = await suggest(confirmed('a z\u200borbling dog'));
    expect(found?.term).toBe('zorbling');
  });

  it('does not take the word of one caller, however often they say it', async () => {
    expect(await suggest(confirmed('a zorbling dog', () => ({ caller: 'key_1/one' })))).toEqual([]);
    expect(await suggest(confirmed('zorbling '.repeat(200), (index) => ({ caller: `key_1/${index % 2}` })))).toEqual([]);
  });

  it('proposes no word that everybody uses, though every confirmed case has it', async () => {
    expect((await suggest(confirmed('a dog'))).map(({ term }) => term)).not.toContain('dog');
  });

  it('is not drowned by one caller who says the word in harmless prompts too', async () => {
    const coded = (index: number) => `${scene(index + 3)} zorbling ${scene(index)}`;
    const examples = Array.from({ length: 8 }, (_, index) => example(index, coded(index)));
    const flood = Array.from({ length: 1_000 }, (_, index) => example(5_000 + index, coded(index), { labels: {}, caller: 'key_1/one' }));
    const words = async (ordinary: readonly LabeledExample[]) =>
      (await suggestTerms({ examples, traffic: [...traffic, ...ordinary], isKnown: async () => false })).map(({ term }) => term);
    expect(await words(flood)).toContain('zorbling');
    const manyPeople = flood.map((one) => ({ ...one, caller: 'key_1/' }));
    expect(await words(manyPeople)).not.toContain('zorbling');
  });

  it('proposes nothing that the rules find already', async () => {
    expect(await suggest(confirmed('a zorbling dog'), ['zorbling', 'a zorbling', 'zorbling dog'])).toEqual([]);
  });

  it('keeps categories apart', async () => {
    const released = confirmed('a zorbling dog', () => ({ labels: { sexual: false } }));
    expect(await suggest(released)).toEqual([]);
  });
});

describe('the rules file of accepted words', () => {
  it('is one that the gateway takes', () => {
    const text = learnedRules([
      { category: 'hate', term: 'zorbling' },
      { category: 'hate', term: 'purple teapot' },
      { category: 'self_harm', term: 'yes' },
    ]);
    const parsed = parsePromptRules(text);
    expect(parsed.ok && parsed.rules.categories).toEqual(expect.arrayContaining(['hate', 'self_harm']));
  });
});
