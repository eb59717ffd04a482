import { describe, expect, it } from 'vitest';
import { loadModel } from './loaded-model.ts';
import { compareModels, type ModelReport, objectionsTo } from './model-report.ts';
import { FLAG_FROM, modelFile, SUITE } from './models.fixture.ts';
import { parseSuite } from './suite.ts';

const champion = loadModel(modelFile());
const compare = (shift: number, suite = SUITE) =>
  compareModels({
    champion: { ...champion.classifier, sha256: champion.sha256 },
    challenger: loadModel(modelFile({ shift })).classifier,
    suites: [parseSuite('frozen', suite)],
    flagFrom: FLAG_FROM,
    policy: 'p@1',
    at: new Date(),
  });
const standing = { champion: champion.sha256, policy: 'p@1', suites: [], mostFalsePositives: 1 };

describe('a model on frozen suites', () => {
  it('may take over when nothing got worse', async () => {
    const report = await compare(0);
    expect(report.suites[0]?.challenger).toMatchObject({
      sexual: { positives: 3, found: 3, negatives: 3, flagged: 0 },
      any: { positives: 3, found: 3, negatives: 3, flagged: 0 },
    });
    expect(objectionsTo(report, standing)).toEqual([]);
  });

  it('may not when it finds less', async () => {
    const report = await compare(-30);
    expect(report.regressions).toContainEqual({ suite: 'frozen', category: 'sexual', what: 'recall', champion: 1, challenger: 0 });
    expect(objectionsTo(report, standing)).toContain('frozen, sexual: recall 100.00 % → 0.00 %');
  });

  it('may not when it flags more, though it finds everything', async () => {
    const report = await compare(30);
    expect(report.regressions).toContainEqual({ suite: 'frozen', category: 'any', what: 'false_positives', champion: 0, challenger: 1 });
  });

  it('may not on the strength of other suites than those that the champion passed', async () => {
    const report = await compare(0);
    const passed = [{ name: 'frozen', sha256: report.suites[0]?.sha256 ?? '' }];
    expect(objectionsTo(report, { ...standing, suites: passed })).toEqual([]);
    expect(objectionsTo(report, { ...standing, suites: [...passed, { name: 'gone', sha256: '' }] })).toHaveLength(1);
    const thinner = await compare(0, SUITE.split('\n').slice(1).join('\n'));
    expect(objectionsTo(thinner, { ...standing, suites: passed })).toEqual(['the suite frozen was changed since the champion passed it']);
  });

  it('may not on a report about another champion or another policy, on suites that prove nothing, or without a report', async () => {
    const report = await compare(0);
    expect(objectionsTo({ ...report, champion: 'another' }, standing)).toHaveLength(1);
    expect(objectionsTo({ ...report, policy: 'p@2' }, standing)).toHaveLength(1);
    const harmless: ModelReport = await compare(0, SUITE.split('\n').slice(3).join('\n'));
    expect(objectionsTo(harmless, standing)).toEqual(['the suites hold no risky or no harmless prompt, so they prove nothing']);
    expect(objectionsTo(null, standing)).toEqual(['it was not evaluated']);
  });

  it('may be held to a stricter limit than the champion keeps', async () => {
    const report = await compare(0);
    const loose = { ...report.suites[0]!, challenger: { any: { positives: 1, found: 1, negatives: 100, flagged: 2 } } };
    expect(objectionsTo({ ...report, suites: [loose] }, { ...standing, mostFalsePositives: 0.01 })).toEqual([
      'frozen: false positives 2.00 %, above the limit of 1.00 %',
    ]);
  });
});

describe('a suite', () => {
  it.each(['{"text":"secret words"', '{"text":"secret words","labels":{"nonsense":true}}', '{"text":"secret words","labels":{}}'])(
    'that is broken is refused by its line, and nothing of it is repeated: %s',
    (line) => {
      expect(() => parseSuite('frozen', `${SUITE}\n${line}`)).toThrow(/Suite frozen, line 7/);
      expect(() => parseSuite('frozen', `${SUITE}\n${line}`)).not.toThrow(/secret/);
    },
  );
  it('without rows is refused', () => expect(() => parseSuite('frozen', '\n')).toThrow(/no rows/));
});

describe('a model file', () => {
  it('is refused when it is cut, changed or too large, before anything relies on it', () => {
    const file = modelFile();
    const changed = Buffer.from(file);
    changed[changed.length - 9] = (changed[changed.length - 9] ?? 0) ^ 1;
    for (const bad of [new Uint8Array(), file.subarray(0, file.length - 1), changed, Buffer.concat([file, Buffer.alloc(4_194_304)])])
      expect(() => loadModel(bad)).toThrow();
    expect(() => loadModel(file, ['hate'])).toThrow(/categories/);
  });
});
