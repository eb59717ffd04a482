import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOf, errorOf, jsonOf } from './answers.ts';
import { useStudio } from './studio.ts';
import { neutralPicture } from './upstream.ts';

// An operator's rule may ask from where a prompt comes, what for, and in which language the caller wants an answer.

const dir = mkdtempSync(join(tmpdir(), 'imprimatur-rules-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const rule = (id: string, word: string, when: string) =>
  `  - { id: ${id}, category: extremism, score: 1, languages: [en], anyOf: [${word}], when: '${when}' }\n`;
const promptRules = join(dir, 'rules.yaml');
writeFileSync(
  promptRules,
  `version: test\nrules:\n${rule('on-chat', 'lighthouse', 'surface == "chat"')}${rule('in-edits', 'windmill', 'operation == "edit"')}${rule('in-swedish', 'teapot', 'language == "sv"')}`,
);

const studio = useStudio({ settings: (baseUrl) => ({ promptRules, models: [{ name: 'studio', kind: 'openai', baseUrl }] }) });
const generate = (prompt: string, surface = 'api', headers: Record<string, string> = {}) =>
  studio.gateway.post('/v1/images/generations', { model: 'studio', prompt }, { surface, headers });
const moderated = z.looseObject({ results: z.array(z.looseObject({ flagged: z.boolean() })) });
const flagged = async (input: string, surface = 'api', headers: Record<string, string> = {}) => {
  const answer = await studio.gateway.post('/v1/moderations', { input }, { surface, headers });
  return (await jsonOf(answer, moderated)).results[0]?.flagged;
};

describe('a rule of the operator', () => {
  it('for one surface stops a prompt there and nowhere else', async () => {
    expect((await errorOf(await generate('a lighthouse', 'chat'))).code).toBe('moderation_blocked');
    expect((await generate('a lighthouse', 'api')).status).toBe(200);
    expect([await flagged('a lighthouse', 'chat'), await flagged('a lighthouse', 'api')]).toEqual([true, false]);
  });

  it('for edits stops an edit and lets the same words make a new picture', async () => {
    expect((await generate('a windmill')).status).toBe(200);
    const image = new File([new Uint8Array(await neutralPicture())], 'in.png', { type: 'image/png' });
    await expect(studio.gateway.sdk().images.edit({ model: 'studio', prompt: 'a windmill', image })).rejects.toMatchObject({
      code: 'moderation_blocked',
    });
    expect(
      bytesOf((await studio.gateway.sdk().images.edit({ model: 'studio', prompt: 'a river', image })).data?.[0]).length,
    ).toBeGreaterThan(0);
  });

  it('for one language of the caller looks at what the caller asked for first', async () => {
    expect((await errorOf(await generate('a teapot', 'api', { 'accept-language': 'sv-SE, en;q=0.5' }))).code).toBe('moderation_blocked');
    expect((await generate('a teapot', 'api', { 'accept-language': 'en, sv;q=0.5' })).status).toBe(200);
    expect(await flagged('a teapot', 'api', { 'accept-language': 'sv' })).toBe(true);
  });
});
