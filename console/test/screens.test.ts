import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, WITHOUT_CHROMIUM } from '../../test/e2e/chromium.ts';
import { type BuiltConsole, buildConsole, type ServedConsole, serveConsole } from './served.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const PAGES = ['/', '/queues/real_people', '/search?q=gen_0001', '/appeals', '/notices', '/quality', '/operations', '/audit', '/policies'];
const MORE = [
  '/registries',
  '/gates',
  '/settings',
  '/break',
  '/nowhere',
  '/cases/case_00017f3k9q2x8w5b1n61/timeline',
  '/keys',
  '/staff',
  '/webhooks',
  '/exports',
  '/training',
  '/training/cal_1',
  '/campaigns',
  '/limits',
];

declare global {
  interface Window {
    axe: {
      run(root: Document, options: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    };
  }
}

let browser: Browser;
let built: BuiltConsole;
let served: ServedConsole;

beforeAll(async () => {
  if (WITHOUT_CHROMIUM !== null) return;
  [browser, built] = await Promise.all([launchChromium(), buildConsole()]);
  served = await serveConsole(built);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly problems: string[];
}

async function open(path: string, { width = 1440, height = 900, locale = 'en' } = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, locale, reducedMotion: 'reduce' });
  context.setDefaultTimeout(8_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on(
    'console',
    (message) => message.type() === 'error' && !/Failed to load resource/.test(message.text()) && problems.push(message.text()),
  );
  await goTo(page, path);
  return { page, context, problems };
}

async function goTo(page: Page, path: string): Promise<void> {
  await page.goto(`${served.url}/console${path}`);
  await page.locator('main h1, header h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('.loading') === null);
  await page.evaluate(AXE);
}

/** What axe has to say in light, and of colors in dark, short enough to read in a failure. */
async function violations(page: Page): Promise<string[]> {
  const run = (options: unknown) => page.evaluate((asked) => window.axe.run(document, asked), options);
  const light = await run({ runOnly: TAGS });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  const dark = await run({ runOnly: ['color-contrast'] });
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
  return [...light.violations, ...dark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.slice(0, 200) ?? ''}`),
  );
}

describe.skipIf(WITHOUT_CHROMIUM !== null)(`the screens (${WITHOUT_CHROMIUM ?? 'Chromium'})`, () => {
  it('have nothing that axe finds, in light and dark, and break no rule of their security policy', async () => {
    const { page, context, problems } = await open('/');
    for (const path of [...PAGES, ...MORE]) {
      await goTo(page, path);
      expect(await violations(page), path).toEqual([]);
    }
    expect(problems).toEqual([]);
    await context.close();
  });

  it('show a case that axe finds nothing in: open, compared, with a region, with a decision chosen, decided', async () => {
    const { page, context, problems } = await open('/');
    await page.locator('[aria-labelledby="queue-real_people"] button').click();
    await page.locator('.lease').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('v');
    expect(await violations(page), 'compared').toEqual([]);
    await page.keyboard.press('3');
    await page.keyboard.press('n');
    await page.locator('.region').waitFor();
    expect(await violations(page), 'with a region').toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('4');
    await page.keyboard.press('1');
    await page.locator('.letter').waitFor();
    expect(await violations(page), 'with a reason').toEqual([]);
    await page.keyboard.press('Enter');
    await page.locator('.toast').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });

  it('open dialogs that axe finds nothing in', async () => {
    const { page, context } = await open('/');
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('.palette-list').waitFor();
    expect(await violations(page)).toEqual([]);
    await context.close();
  });

  it('open forms at the side that axe finds nothing in, keep what was typed, and say at the field what is wrong', async () => {
    const { page, context, problems } = await open('/registries');
    await page.getByRole('button', { name: 'Add an opt-out' }).click();
    const form = page.locator('dialog[open]');
    await form.getByLabel('Name', { exact: true }).fill('X');
    await form.getByLabel('Where the wish is written down').fill('Letter 1');
    expect(await violations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Add an opt-out' }).click();
    await form.getByText('Too short.').filter({ visible: true }).first().waitFor();
    expect(await form.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect(await form.getByLabel('Where the wish is written down').inputValue()).toBe('Letter 1');
    await form.getByLabel('Name', { exact: true }).fill('Example');
    await form.getByRole('button', { name: 'Add an opt-out' }).click();
    await form.waitFor({ state: 'detached' });

    await goTo(page, '/keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.locator('dialog[open]').getByLabel('Name', { exact: true }).fill('Test');
    await page.locator('dialog[open]').getByRole('button', { name: 'Make a key' }).click();
    await page.getByText('Shown this once').filter({ visible: true }).first().waitFor();
    expect(await page.getByRole('textbox', { name: 'The new token' }).inputValue()).toBe('imp_made_up_token');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'I have kept it' }).click();

    await page.getByRole('button', { name: 'Revoke' }).first().click();
    await page.locator('dialog[open] input').fill('nope');
    await page.locator('dialog[open]').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('That is not the same.').filter({ visible: true }).first().waitFor();
    expect(problems.filter((one) => !one.includes('400'))).toEqual([]);
    await context.close();
  });

  it('show queues, case and kill switch on a phone without scrolling sideways', async () => {
    for (const path of ['/', '/gates', '/operations', '/cases/case_00017f3k9q2x8w5b1n61']) {
      const { page, context } = await open(path, { width: 360, height: 740 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
      expect(await violations(page), path).toEqual([]);
      await context.close();
    }
  });

  it.each([
    [1440, 900],
    [1024, 768],
  ])('one case fits on %d × %d: the page itself does not scroll', async (width, height) => {
    const { page, context } = await open('/', { width, height });
    await page.locator('[aria-labelledby="queue-real_people"] button').click();
    await page.locator('.decision-bar').waitFor();
    const overflow = await page.evaluate(() => [
      document.documentElement.scrollHeight - innerHeight,
      document.documentElement.scrollWidth - innerWidth,
    ]);
    expect(overflow).toEqual([0, 0]);
    expect(
      await page
        .locator('.decision-bar')
        .boundingBox()
        .then((box) => (box?.y ?? 9999) + (box?.height ?? 0)),
    ).toBeLessThanOrEqual(height);
    await context.close();
  });

  it.each([
    ['de', 'Warteschlangen', 'ltr'],
    ['ja', 'キュー', 'ltr'],
    ['ar', 'قوائم الانتظار', 'rtl'],
  ])('speaks %s', async (locale, title, direction) => {
    const { page, context } = await open('/', { locale });
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dir)).toBe(direction);
    expect(await violations(page)).toEqual([]);
    await context.close();
  });

  it('says honestly what this gateway does not have', async () => {
    const poor = await serveConsole(built, { missing: ['/v1/quality', '/v1/operations'] });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${poor.url}/console/quality`);
    await page.getByText('Not available on this gateway').filter({ visible: true }).first().waitFor();
    await context.close();
    await poor.close();
  });

  it('is 300 KB at most when it first loads, compressed', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let bytes = 0;
    page.on('response', async (response) => {
      const { responseBodySize } = await response.request().sizes();
      if (response.url().includes('/console')) bytes += responseBodySize;
    });
    await page.goto(`${served.url}/console/`);
    await page.locator('.queue-card').first().waitFor();
    await page.waitForTimeout(200);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThanOrEqual(300 * 1024);
    process.stdout.write(`first load: ${Math.round(bytes / 1024)} KB\n`);
    await context.close();
  });
});
