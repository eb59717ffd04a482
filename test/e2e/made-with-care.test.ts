import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { expectWhole } from './answers.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { useStudio } from './studio.ts';
import { answerJson, answerPictures, fieldsOf, neutralPicture } from './upstream.ts';

/** The shipped policy, but everything on one surface is made with care. */
const folder = mkdtempSync(join(tmpdir(), 'imprimatur-care-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const policy = join(folder, 'policy.yaml');
const RULE = `
  - id: app-with-care
    description: Pictures on the app are made with care.
    when: { surface: [app] }
    action: conservative
    stage: prompt
`;
writeFileSync(policy, readFileSync('policies/standard/policy.yaml', 'utf8').replace(/^rules:\n/m, `rules:${RULE}`));

const studio = useStudio({
  settings: (baseUrl) => ({
    policy,
    models: [
      { name: 'studio', kind: 'openai', baseUrl },
      { name: 'local', kind: 'automatic1111', baseUrl, fallback: 'studio' },
      { name: 'risky', kind: 'openai', baseUrl, saferModel: 'local' },
    ],
  }),
});
const ask = (body: object, surface = 'app') =>
  studio.gateway.post('/v1/images/generations', { prompt: 'a garden in spring', ...body }, { surface });
const behaveAsLocal = async () => {
  const picture = (await neutralPicture()).toString('base64');
  studio.upstream.behave((_request, response) => answerJson(response, 200, { images: [picture], parameters: {}, info: '{}' }));
};
const entriesOf = async (answer: Response) => {
  const id = answer.headers.get('x-imprimatur-generation-id');
  return (await ledgerEntries(studio.gateway)).filter(({ generation }) => generation === id);
};

describe('a request that policy wants made with care', () => {
  it('reaches the model with its strictest settings, and the caller, the decision and the ledger say so', async () => {
    studio.upstream.behave(async (_request, response) => answerPictures(response, [await neutralPicture()]));
    const answer = await ask({ model: 'studio', n: 3, size: '1536x1024', background: 'transparent' });
    expect([answer.status, (JSON.parse(await answer.text()).data as unknown[]).length]).toEqual([200, 1]);
    expect(await Promise.all(studio.upstream.calls.map(fieldsOf))).toMatchObject([{ n: 1, size: '1024x1024', background: 'opaque' }]);
    const told = answer.headers.get('x-imprimatur-clamped')?.split(', ');
    expect(told).toEqual(expect.arrayContaining(['conservative=on', 'n=1', 'size=1024x1024', 'background=opaque']));
    await expect
      .poll(() => entriesOf(answer))
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ stage: 'prompt', action: 'allow', obligations: expect.objectContaining({ conservative: true }) }),
          expect.objectContaining({ kind: 'artifacts.sealed', model: 'studio', conservative: true }),
        ]),
      );
  });

  it('is left as it is on a surface that the rule does not name', async () => {
    const answer = await ask({ model: 'studio', n: 2, size: '1536x1024' }, 'api');
    expect(answer.status).toBe(200);
    expect(await Promise.all(studio.upstream.calls.map(fieldsOf))).toMatchObject([{ n: 2, size: '1536x1024' }]);
    expect(answer.headers.get('x-imprimatur-clamped') ?? '').not.toContain('conservative');
    expect(JSON.stringify(await entriesOf(answer))).not.toContain('"conservative":true');
  });

  it('goes to the safer model, in that one’s own words, and says which of them it has no place for', async () => {
    await behaveAsLocal();
    const answer = await ask({ model: 'risky', size: '2048x2048', negative_prompt: 'cats', style: 'vivid' });
    expect(answer.status).toBe(200);
    expect(studio.upstream.calls.map(({ path }) => path)).toEqual([expect.stringMatching(/txt2img$/)]);
    expect(await Promise.all(studio.upstream.calls.map(fieldsOf))).toMatchObject([
      { n_iter: 1, width: 1024, height: 1024, negative_prompt: expect.stringMatching(/^nudity, .*, cats$/) },
    ]);
    expect(answer.headers.get('x-imprimatur-clamped')).toContain('negative_prompt=stricter');
    expect(answer.headers.get('x-imprimatur-unsupported')).toBe('style');
    await expect.poll(() => entriesOf(answer)).toContainEqual(expect.objectContaining({ model: 'local', conservative: true }));
  });

  it('stays careful when another model has to stand in for the safer one, and never comes to the one that it was kept from', async () => {
    const picture = await neutralPicture();
    studio.upstream.behave((request, response) => {
      if (request.path.endsWith('txt2img')) answerJson(response, 503, {});
      else answerPictures(response, [picture]);
    });
    const answer = await ask({ model: 'risky', n: 2, size: '1536x1024' });
    expect(answer.status).toBe(200);
    const [, ...stoodIn] = await Promise.all(studio.upstream.calls.map(fieldsOf));
    expect(stoodIn).toMatchObject([{ model: 'studio', n: 1, size: '1024x1024' }]);
    expect(answer.headers.get('x-imprimatur-clamped')).toContain('conservative=on');
    await expectWhole(studio.gateway);
  });
});
