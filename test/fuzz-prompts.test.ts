import { expect, it } from 'vitest';
import { fuzz } from '../bench/fuzz/fuzz.ts';
import { openTextChecks } from '../src/compose/text-checks.ts';

// The first of the inputs of `npm run fuzz:prompts`, with a seed of today's run.

const seed = Date.now() % 2 ** 31;

it(`takes 6,000 hostile texts, wounded rules and garbled answers without breaking a promise (seed ${seed})`, async () => {
  const gazetteers = { packs: [], without: [], publicKeys: [], allowUnsigned: false };
  const settings = { policy: 'standard', promptRules: undefined, gazetteers, classifiers: [], classifierRules: undefined, hashLists: [] };
  const parts = await openTextChecks(settings);
  const report = await fuzz({ seed, count: 6_000, parts, mostMs: 1_000, mostMsPerChar: 0.05, mostRssMb: 1_500 });
  expect(report.violations, `seed ${seed}`).toEqual([]);
}, 240_000);
