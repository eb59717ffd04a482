import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../contracts/category.ts';
import { UPLOAD_ACTIONS, UPLOAD_SITUATIONS } from '../contracts/upload.ts';
import { readCaseFiles, runCases } from './cases.ts';
import { policyJsonSchema } from './document.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyFolder, policyText } from './policy.fixture.ts';

describe.each(['standard', 'strict'])('the %s pack', async (name) => {
  const policy = loadPolicy(await policyText(name), { checks: CHECKS, source: `${name}/policy.yaml` });
  const files = await readCaseFiles(fileURLToPath(new URL('cases', policyFolder(name))));
  const results = runCases(policy, files);

  it('does what each of its cases says', () => {
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(25);
  });

  it('has a case for every rule and every threshold', () => {
    const text = files.map((file) => file.text).join('\n');
    for (const { id } of policy.document.rules) expect(text).toContain(id);
    for (const situation of UPLOAD_SITUATIONS) expect(text).toContain(situation);
    for (const [category, { surfaces: _, ...levels }] of Object.entries(policy.document.thresholds)) {
      for (const action of Object.keys(levels)) expect(text).toContain(`threshold:${category}:${action}`);
    }
  });

  it('says something about every category', () => {
    expect(Object.keys(policy.document.thresholds).sort()).toEqual([...CATEGORIES].sort());
  });
});

it('the strict pack is nowhere milder than the standard pack', async () => {
  const [standard, strict] = await Promise.all(
    ['standard', 'strict'].map(async (name) => loadPolicy(await policyText(name), { checks: CHECKS })),
  );
  for (const category of CATEGORIES) {
    const [mild, hard] = [standard, strict].map((policy) => policy!.document.thresholds[category]);
    expect(hard!.hold ?? 1, category).toBeLessThanOrEqual(mild!.hold ?? 1);
    expect(hard!.block ?? 1, category).toBeLessThanOrEqual(mild!.block ?? 1);
  }
});

it('the strict pack is nowhere milder with files that are to be published', async () => {
  const [standard, strict] = await Promise.all(
    ['standard', 'strict'].map(async (name) => loadPolicy(await policyText(name), { checks: CHECKS })),
  );
  for (const situation of UPLOAD_SITUATIONS) {
    const [mild, hard] = [standard, strict].map((policy) => UPLOAD_ACTIONS.indexOf(policy!.judgeUpload([situation]).action));
    expect(hard!, situation).toBeGreaterThanOrEqual(mild!);
  }
});

it('the published JSON Schema is the one that the code checks', async () => {
  const published = await readFile(new URL('../policy.schema.json', policyFolder('standard')), 'utf8');
  expect(JSON.parse(published)).toEqual(policyJsonSchema());
});
