import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildConsole } from '../../console/test/served.ts';
import { consoleSchema } from '../../console/tools/generate-client.ts';
import { jsonOf } from './answers.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';
import { newConsoleContext } from './console-pages.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
let browser: Browser;

beforeAll(async () => {
  if (WITHOUT_CHROMIUM === null) browser = await launchChromium();
  gateway = await startTestGateway({}, WITHOUT_CHROMIUM === null ? { consoleFolders: [(await buildConsole()).folder] } : {});
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

const hold = (prompt: string) => gateway.post('/v1/images/generations', { model: 'demo', prompt, size: '1024x1024' });

describe('the console’s client', () => {
  it('is generated from what the gateway says of itself today (npm run docs:console)', async () => {
    expect(readFileSync('console/src/api/schema.d.ts', 'utf8')).toBe(await consoleSchema(gateway.url));
  });
});

describe('the console’s own address', () => {
  it('gives no file but its own, and never a document for a script', async () => {
    for (const path of [
      '/console/../package.json',
      '/console/%2e%2e/package.json',
      '/console/..%2f..%2fpackage.json',
      '/console/assets/none.js',
    ]) {
      expect((await gateway.fetch(path)).status, path).toBe(404);
    }
  });

  it('lets no other page frame it and no foreign script run', async () => {
    const answer = await gateway.fetch('/console/cases/case_1');
    const policy = answer.headers.get('content-security-policy') ?? '';
    if (answer.status === 404) return;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});

describe.skipIf(WITHOUT_CHROMIUM !== null)(`a reviewer at the real gateway (${WITHOUT_CHROMIUM ?? 'Chromium'})`, () => {
  it('signs in with the printed key, claims, decides, takes it back and decides for good', async () => {
    expect((await hold('A photograph of Donald Trump at a market')).status).toBe(403);
    const page = await (await newConsoleContext(browser)).newPage();
    await page.goto(`${gateway.url}/console/#key=${gateway.key('operator')}`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(new URL(page.url()).hash).toBe('');
    await page.locator('.queue-card').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.lease').waitFor();
    expect(await page.locator('.words-sheet mark').count()).toBeGreaterThan(0);
    const id = page.url().split('/').at(-1) ?? '';
    const stateOf = async () =>
      (await jsonOf(await gateway.fetch(`/v1/cases/${id}`, { surface: 'operator' }), z.looseObject({ status: z.string() }))).status;

    await page.keyboard.press('3');
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Block', { exact: true }).filter({ visible: true }).first().waitFor();
    expect(await stateOf()).toBe('blocked');
    await page.keyboard.press('u');
    await page.getByText('Taken back. The case is open again.').waitFor();
    expect(await stateOf()).toBe('open');

    await page.locator('.decision-bar').waitFor();
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Allow', { exact: true }).filter({ visible: true }).first().waitFor();
    expect(await stateOf()).toBe('released');

    await page.goto(`${gateway.url}/console/cases/${id}/timeline`);
    await page.locator('.timeline > li').first().waitFor();
    await page.getByRole('button', { name: 'Check the proof' }).first().click();
    await page.getByText('the ledger proves it').filter({ visible: true }).first().waitFor();
    await page.getByText('Checked in this browser').click();
    await page
      .getByText(/signed that root/)
      .first()
      .waitFor();
    await page.close();
  });

  it('lets an operator keep registers and keys, and a reviewer take a break that the gateway knows of', async () => {
    const page = await (await newConsoleContext(browser)).newPage();
    await page.goto(`${gateway.url}/console/#key=${gateway.key('operator')}`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
    const dialog = page.locator('dialog[open]');
    const ask = async (path: string) => (await gateway.fetch(path, { surface: 'operator' })).text();

    await page.goto(`${gateway.url}/console/registries`);
    await page.getByRole('button', { name: 'Add an opt-out' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('Example Studio');
    await dialog.getByLabel('Where the wish is written down').fill('Letter 12');
    await dialog.getByRole('checkbox', { name: 'works' }).check();
    await dialog.getByRole('button', { name: 'Add an opt-out' }).click();
    await dialog.getByText('Say "works" and their titles together.').filter({ visible: true }).first().waitFor();
    await dialog.getByRole('checkbox', { name: 'works' }).uncheck();
    await dialog.getByRole('button', { name: 'Add an opt-out' }).click();
    await page.getByRole('cell', { name: 'Example Studio' }).waitFor();
    expect(await ask('/v1/opt-outs')).toContain('Example Studio');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('Nobody has opted out.').filter({ visible: true }).first().waitFor();
    expect(await ask('/v1/opt-outs')).not.toContain('Example Studio');

    await page.goto(`${gateway.url}/console/keys`);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await dialog.getByLabel('Name', { exact: true }).fill('From the console');
    await dialog.getByRole('button', { name: 'Make a key' }).click();
    const token = await page.getByRole('textbox', { name: 'The new token' }).inputValue();
    const opens = () => gateway.fetch('/v1/models', { headers: { authorization: `Bearer ${token}` } });
    expect((await opens()).status).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page
      .getByRole('row', { name: /From the console/ })
      .getByRole('button', { name: 'Revoke' })
      .click();
    await dialog.getByRole('textbox').fill(token.slice(-4));
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await page
      .getByRole('row', { name: /From the console/ })
      .getByText('revoked')
      .waitFor();

    await page.goto(`${gateway.url}/console/break`);
    await page
      .getByText(/Your break is kept until/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'End the break' }).click();
    await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
    await page.close();
  });
});
