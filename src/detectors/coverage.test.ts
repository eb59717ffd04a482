import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { createEditComparer } from './edit-anomaly/edit-comparer.ts';
import { createImageInspector } from './inspect-image.ts';
import { localCheckParts } from './local-checks.fixture.ts';
import { createPictureLooker } from './looking/picture-looker.ts';
import { CHECKS } from './registry.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());
const looker = createPictureLooker({ pool });
const parts = localCheckParts({ inspector: createImageInspector({ pool }), looker, compareEdit: createEditComparer({ pool, looker }) }, []);
const checks = CHECKS.map(({ create }) => create(parts));
// biome-ignore lint/suspicious/noExplicitAny: a file of our own benches
const bench = (name: string): any => JSON.parse(readFileSync(`bench/results/${name}.json`, 'utf8'));
const lines = (id: string) => checks.find((check) => check.id === id)?.coverage ?? [];
const measured = (id: string, category: Category) => {
  const line = lines(id).find((one) => one.category === category);
  return line === undefined || line.measured === 'unmeasured' ? undefined : line.measured;
};
const share = (part: number, whole: number) => Number((part / whole).toPrecision(3));

describe('what a check says of itself', () => {
  it('is about what it looks at and speaks of', () => {
    for (const { id, categories, looksAt, coverage = [] } of checks) {
      for (const line of coverage) {
        expect(categories, id).toContain(line.category);
        expect(looksAt, id).toContain(line.looksAt);
      }
    }
  });

  it('is nothing where it reads words or where a picture comes from: a policy that lists these has as many gaps as without', () => {
    const seen = checks.filter(({ looksAt }) => looksAt.includes('artifact') || looksAt.includes('input_image'));
    const covered = seen.flatMap(({ id, categories, coverage }) =>
      (coverage ?? categories.map((category) => ({ category }))).map(({ category }) => `${id} ${category}`),
    );
    expect([...new Set(covered)].sort()).toEqual([
      'edit-anomaly ncii_undress',
      'faces sexual_minors',
      'file-sanity unsafe_file',
      'known-hashes known_bad',
      'nudity sexual',
      'person-match real_person_likeness',
    ]);
  });

  it('is what the benches measured last: run them, then write it into the check', () => {
    const { nudity, age, edits, register } = bench('detectors');
    expect(measured('nudity', 'sexual')).toMatchObject({ n: nudity.n, error: { falseAlarms: share(nudity.above05, nudity.n) } });
    expect(measured('faces', 'sexual_minors')).toMatchObject({ n: age.n, error: { falseAlarms: share(age.youngImpressions, age.n) } });
    const { lookedUp, pairsOfStrangers, listed } = register;
    expect(measured('person-match', 'real_person_likeness')).toMatchObject({
      n: lookedUp + pairsOfStrangers,
      error: { missed: share(listed.missed, lookedUp), falseAlarms: share(listed.falseMatches, pairsOfStrangers) },
    });
    const { bared, benign } = edits;
    expect(measured('edit-anomaly', 'ncii_undress')).toMatchObject({
      n: bared.n + benign.n,
      error: { missed: share(bared.n - bared.flagged, bared.n), falseAlarms: share(benign.flagged, benign.n) },
    });
    const copies: { trimmed: number; of: number }[] = bench('known-copies').copies;
    const of = copies.reduce((sum, one) => sum + one.of, 0);
    const found = copies.reduce((sum, one) => sum + one.trimmed, 0);
    expect(measured('known-hashes', 'known_bad')).toMatchObject({ n: of, error: { missed: share(of - found, of) } });
  });

  it('of words is what the prompt benches measured last', () => {
    const { recall, harmless, minors } = bench('prompt-quality');
    const names = { sexual: 'sexual', hate: 'hate', violence_gore: 'violence', self_harm: 'self_harm', illegal_goods: 'illegal' } as const;
    const pooled = harmless.classifier.pooled;
    for (const [category, name] of Object.entries(names) as [Category, string][]) {
      const { rows, recall: found } = recall.classifier[`ailuminate ${name}`];
      expect(measured('prompt-classifier', category), category).toMatchObject({
        n: rows + pooled.rows,
        error: { missed: Number((1 - found).toFixed(4)), falseAlarms: pooled.flagged },
      });
    }
    expect(measured('prompt-rules', 'sexual_minors')).toMatchObject({ n: minors.templates, error: { missed: 0 } });
  });

  it('claims nothing of how much nudity and how many minors are missed', () => {
    expect(measured('nudity', 'sexual')?.error.missed).toBe('unmeasured');
    expect(measured('faces', 'sexual_minors')?.error.missed).toBe('unmeasured');
  });
});
