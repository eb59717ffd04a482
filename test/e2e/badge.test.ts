import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { strip } from '../../src/provenance/recovery/strip.fixture.ts';
import { LANGUAGES } from '../../src/reply/sentences/public-sentence.ts';
import { bytesOf } from './answers.ts';
import { badgeModules, type Site, startSite } from './badge-page.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';
import { useStudio } from './studio.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const studio = useStudio({ settings: () => ({ models: [{ name: 'demo', kind: 'demo' }] }) });
const pictures = new Map<string, Uint8Array>();
let browser: Browser;
if (WITHOUT_CHROMIUM !== null) console.warn(`skipped: ${WITHOUT_CHROMIUM}`);

beforeAll(async () => {
  if (WITHOUT_CHROMIUM !== null) return;
  browser = await launchChromium();
  const made = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a lighthouse by the sea', size: '512x512' })).data?.[0]);
  pictures.set('/ours.png', made);
  pictures.set('/stripped.png', strip(made, 'png'));
  pictures.set('/smaller.png', await sharp(made).resize(300).png().toBuffer());
  pictures.set(
    '/stranger.png',
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#7a8' } })
      .png()
      .toBuffer(),
  );
});
afterAll(() => browser?.close());

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

const badge = (picture: string, { gateway = studio.gateway.url, more = '' } = {}) =>
  `<imprimatur-badge gateway="${gateway}" ${more}><img src="/${picture}.png" width="300" alt="A lighthouse"></imprimatur-badge>`;

interface Visit extends BrowserContextOptions {
  readonly html?: string;
  readonly gateway?: string;
}

/** A page of another origin; a script error, or anything that its policy stopped, fails the test. */
async function visit(body: string, { html = 'lang="en"', gateway = studio.gateway.url, ...view }: Visit = {}) {
  const site: Site = await startSite({ gateway, pictures, body, html });
  const context = await browser.newContext({ viewport: { width: 800, height: 700 }, timezoneId: 'UTC', ...view });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: { url: string; method: string; headers: Record<string, string> }[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (one) => one.type() === 'error' && !one.text().includes('Failed to load') && problems.push(one.text()));
  page.on('request', (one) => requests.push({ url: one.url(), method: one.method(), headers: one.headers() }));
  cleanUp.push(async () => {
    await context.close();
    await site.close();
    expect(problems).toEqual([]);
  });
  await page.goto(site.url);
  return { page, requests, site };
}

const settled = (page: Page, state: string) => page.locator(`imprimatur-badge[data-state="${state}"]`).first().waitFor({ timeout: 20_000 });
const mark = (page: Page) => page.locator('imprimatur-badge').first().locator('button.mark');
const panel = (page: Page) => page.locator('imprimatur-badge').first().locator('.panel');

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy lets no script in but its own.
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found: unknown = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].target))",
  );
  return Array.isArray(found) ? found.map(String) : ['axe gave no answer'];
}

describe('the badge as a file', () => {
  it('is smaller than 9.8 kB over the wire, all modules together, and imports nothing but itself', () => {
    const modules = [...badgeModules()];
    const size = modules.reduce((sum, [, text]) => sum + gzipSync(text).length, 0);
    expect(size).toBeLessThan(9_800);
    for (const [, text] of modules) expect(text).not.toMatch(/from '(?!\.\/)|innerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });

  it('speaks every language that the gateway answers in', async () => {
    const { wordsFor } = await import('../../sdk/src/badge/badge-words.ts');
    expect(LANGUAGES.map((language) => wordsFor([`${language}-XX`]).language)).toEqual(LANGUAGES);
    expect(wordsFor(['tlh', 'constructor', ''])).toMatchObject({ language: 'en', direction: 'ltr' });
  });
});

describe.skipIf(WITHOUT_CHROMIUM !== null)('the badge on a page of another site', () => {
  it('says of a picture of ours that AI made it, with what, when, under whose name, and that it is unchanged', async () => {
    const { page } = await visit(badge('ours'));
    await settled(page, 'intact');
    expect(await mark(page).getAttribute('aria-label')).toBe('Made with AI. Unchanged since it was signed');
    await mark(page).click();
    const text = await panel(page).textContent();
    expect(text).toContain('Made with AI');
    expect(text).toMatch(/Signed by\s*Imprimatur development/);
    expect(text).toMatch(/Model\s*demo@/);
    expect(text).toMatch(/Made\s*\w{3} \d{1,2}, 20\d\d/);
    expect(await panel(page).locator('a').getAttribute('href')).toBe(`${studio.gateway.url}/verify`);
  });

  it('tells the gateway the hash of the picture and nothing else: no cookie, no address of the page, no picture', async () => {
    const { page, requests } = await visit(badge('smaller'));
    await settled(page, 'none');
    const toGateway = requests.filter(({ url }) => url.startsWith(studio.gateway.url));
    expect(toGateway.map(({ method, url }) => [method, new URL(url).pathname])).toEqual([
      ['GET', expect.stringMatching(/^\/v1\/credentials\/[0-9a-f]{64}$/)],
    ]);
    for (const { headers } of toGateway) {
      expect(headers['cookie']).toBeUndefined();
      expect(headers['referer'] ?? '').toBe('');
    }
  });

  it('sends the picture only where the author of the page says so, and then says that it is a likeness', async () => {
    const { page } = await visit(badge('smaller', { more: 'upload' }));
    await settled(page, 'likeness');
    await mark(page).click();
    expect(await panel(page).textContent()).toContain('Looks like the picture of this record, but is not the signed file');
  });

  it('knows a stripped picture by its hash alone', async () => {
    const { page } = await visit(badge('stripped'));
    await settled(page, 'reattached');
  });

  it('does not make a person of silence', async () => {
    const { page } = await visit(badge('stranger', { more: 'upload' }));
    await settled(page, 'none');
    await mark(page).click();
    expect(await panel(page).textContent()).toContain('This does not mean that a person made it.');
  });

  it('says that it could not check when the gateway is gone, and tries again when asked', async () => {
    const { page } = await visit(badge('ours', { gateway: 'http://127.0.0.1:9' }), { gateway: `${studio.gateway.url} http://127.0.0.1:9` });
    await settled(page, 'failed');
    await mark(page).click();
    await page.locator('imprimatur-badge').evaluate((one, url) => one.setAttribute('gateway', url), studio.gateway.url);
    await settled(page, 'intact');
  });

  it('follows the picture when the page exchanges it', async () => {
    const { page } = await visit(badge('ours'));
    await settled(page, 'intact');
    await page.locator('img').evaluate((picture) => picture.setAttribute('src', '/stranger.png'));
    await settled(page, 'none');
  });

  it('is used with the keyboard alone: opened, read, left, and the focus comes back', async () => {
    const { page } = await visit(badge('ours'));
    await settled(page, 'intact');
    await page.keyboard.press('Tab');
    expect(await mark(page).evaluate((button) => button.matches(':focus-visible'))).toBe(true);
    await page.keyboard.press('Enter');
    expect(await panel(page).isVisible()).toBe(true);
    expect(await mark(page).getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Tab');
    expect(
      await panel(page)
        .locator('a')
        .evaluate((link) => link.matches(':focus')),
    ).toBe(true);
    await page.keyboard.press('Escape');
    expect(await panel(page).isVisible()).toBe(false);
    // The browser tells the component that its panel closed a moment later.
    await expect.poll(() => mark(page).evaluate((button) => button.matches(':focus'))).toBe(true);
    await expect.poll(() => mark(page).getAttribute('aria-expanded')).toBe('false');
  });

  it.each([
    ['light', 'intact', 'ours'],
    ['dark', 'intact', 'ours'],
    ['light', 'none', 'stranger'],
    ['dark', 'likeness', 'smaller'],
  ] as const)('has no fault that axe finds: %s, %s', async (colorScheme, state, picture) => {
    const { page } = await visit(badge(picture, { more: state === 'likeness' ? 'upload' : '' }), { colorScheme });
    await settled(page, state);
    expect(await violations(page)).toEqual([]);
    await mark(page).click();
    expect(await violations(page)).toEqual([]);
  });

  it('reads from right to left in Arabic, and stays in the window of a phone', async () => {
    const { page } = await visit(badge('ours'), { html: 'lang="ar" dir="rtl"', viewport: { width: 360, height: 640 } });
    await settled(page, 'intact');
    const picture = await page.locator('img').boundingBox();
    const button = await mark(page).boundingBox();
    expect(Math.round((picture?.x ?? 0) + (picture?.width ?? 0) - (button?.x ?? 0) - (button?.width ?? 0))).toBe(10);
    await mark(page).click();
    const box = await panel(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(12);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(348);
    expect(await panel(page).getAttribute('dir')).toBe('rtl');
  });

  it('does not move for readers who asked for that', async () => {
    const { page } = await visit(badge('ours'), { reducedMotion: 'reduce' });
    await settled(page, 'intact');
    expect(
      await page.evaluate(
        "getComputedStyle(document.querySelector('imprimatur-badge').shadowRoot.querySelector('button')).transitionDuration",
      ),
    ).toBe('0s');
  });

  it('shows what a hostile gateway says as text, and follows no address of its', async () => {
    const { page } = await visit(badge('ours'));
    await page.route('**/v1/credentials/*', (one) =>
      one.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: {
          object: 'credential',
          how: 'intact',
          signature: 'trusted',
          signer: '<img src=x onerror=alert(1)>',
          model: 7,
          at: 'never',
          verify_url: 'javascript:alert(1)',
        },
      }),
    );
    await page.reload();
    await settled(page, 'intact');
    await mark(page).click();
    expect(await panel(page).textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await panel(page).locator('img').count()).toBe(0);
    expect(await panel(page).locator('a').getAttribute('href')).toBe(`${studio.gateway.url}/verify`);
  });
});
