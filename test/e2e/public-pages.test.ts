import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/detectors/pixels/decode-picture.ts';
import { lumaOf } from '../../src/registries/pdq/luma.ts';
import { formatPdq, parsePdq, pdqDistance } from '../../src/registries/pdq/pdq-bits.ts';
import { pdqHash } from '../../src/registries/pdq/pdq-hash.ts';
import { texturedPicture } from '../../src/watermark/pictures.fixture.ts';
import { errorOf } from './answers.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';
import { known } from './planted-checks.ts';
import { useStudio } from './studio.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SCREENSHOTS = process.env['IMPRIMATUR_SCREENSHOTS'];
const studio = useStudio({ planted: true });
let browser: Browser;
if (WITHOUT_CHROMIUM !== null) console.warn(`skipped: ${WITHOUT_CHROMIUM}`);

beforeAll(async () => {
  if (WITHOUT_CHROMIUM === null) browser = await launchChromium();
});
afterAll(() => browser?.close());

interface View {
  readonly width?: number;
  readonly dark?: boolean;
  readonly locale?: string;
  readonly path?: string;
}

/** A fresh page; remembers script errors, what the security policy stopped, and everything that was sent. */
async function open({ width = 1100, dark = false, locale = 'en-US', path = '/report' }: View = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    locale,
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const sent: { url: string; body: Buffer | null; type: string | undefined }[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('Failed to load resource') && problems.push(message.text()),
  );
  page.on('request', (one) => sent.push({ url: one.url(), body: one.postDataBuffer(), type: one.headers()['content-type'] }));
  await page.goto(path.startsWith('http') ? path : `${studio.gateway.url}${path}`);
  return { page, problems, sent, close: () => context.close() };
}

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy lets no script in but its own.
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found: unknown = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].target))",
  );
  return Array.isArray(found) ? found.map(String) : ['axe gave no answer'];
}

const overflows = (page: Page) => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
async function shot(page: Page, name: string) {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

async function png(width: number, height: number): Promise<Buffer> {
  const { data, channels } = texturedPicture(width, height);
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}
async function hashHere(bytes: Uint8Array) {
  const picture = await decodePicture(bytes, 1e8);
  const view = picture.kind === 'decoded' ? picture.views.at(-1) : undefined;
  const { orientations, quality } = pdqHash(lumaOf(view?.frames[0] ?? new Uint8Array(), view?.width ?? 0, view?.height ?? 0));
  return { pdq: orientations.map(formatPdq), quality };
}
const hashThere = (page: Page, bytes: Uint8Array): Promise<{ kind: string; pdq: string[]; quality: number }> =>
  page.evaluate(
    `(async () => { const { hashPicture } = await import('/report/hash-picture.mjs');
      const bytes = Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (c) => c.charCodeAt(0));
      return hashPicture(new Blob([bytes])); })()`,
  );

async function fillFirstStep(page: Page, kind = 'likeness') {
  await page.locator(`[name=kind][value=${kind}]`).check();
  await page.locator('#description').fill('It shows me. I did not agree.');
}
async function fillRest(page: Page) {
  await page.locator('#next').click();
  await page.locator('#name').fill('Jo Doe');
  await page.locator('#email').fill('jo@example.org');
  await page.locator('#next').click();
  await page.locator('#good_faith').check();
  await page.locator('#signature').fill('Jo Doe');
}

describe.skipIf(WITHOUT_CHROMIUM !== null)('the fingerprint that is made on the device of a reporter', () => {
  it('is bit for bit that of the gateway on the same pixels, and nearly so where both shrink', async () => {
    const { page, close } = await open();
    for (const [width, height] of [
      [512, 512],
      [300, 421],
      [64, 500],
      [511, 3],
    ] as const) {
      const bytes = await png(width, height);
      expect(await hashThere(page, bytes), `${width} × ${height}`).toEqual({ kind: 'hashed', ...(await hashHere(bytes)) });
    }
    for (const [width, height] of [
      [1024, 768],
      [2000, 513],
      [3000, 2000],
    ] as const) {
      const bytes = await png(width, height);
      const [here, there] = [await hashHere(bytes), await hashThere(page, bytes)];
      const bits = there.pdq.map((hex, i) =>
        pdqDistance(parsePdq(hex) ?? new Uint32Array(8), parsePdq(here.pdq[i] ?? '') ?? new Uint32Array(8)),
      );
      console.info(`${width} × ${height}: ${Math.max(...bits)} of 256 bits differ`);
      expect(Math.max(...bits)).toBeLessThanOrEqual(8);
    }
    await close();
  });

  it('is all that leaves it: no byte of the picture is sent', async () => {
    const { page, problems, sent, close } = await open();
    const picture = await png(700, 500);
    await fillFirstStep(page);
    await page.locator('#picture').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: picture });
    await page.locator('#hashed[data-tone=good]').waitFor();
    await shot(page, 'report-1-hashed');
    await fillRest(page);
    await page.locator('#send').click();
    await page.locator('#done').waitFor();
    const posts = sent.filter(({ body }) => body !== null);
    expect(posts.map(({ url, type }) => [new URL(url).pathname, type])).toEqual([['/v1/notices', 'application/json']]);
    const [{ body } = { body: null }] = posts;
    expect(body?.length).toBeLessThan(2_000);
    const sample = picture.subarray(picture.length / 2, picture.length / 2 + 24);
    expect(body?.includes(sample) || body?.toString().includes(sample.toString('base64').slice(4, 24))).toBe(false);
    expect(JSON.parse(body?.toString() ?? '').hashes[0].pdq).toHaveLength(8);
    expect(new Set(sent.map(({ url }) => new URL(url).host)).size).toBe(1);
    expect(problems).toEqual([]);
    await close();
  });
});

describe.skipIf(WITHOUT_CHROMIUM !== null)('the page where anybody reports a picture', () => {
  it('is done with the keyboard alone, says what is missing, and leads to the status', async () => {
    const { page, problems, sent, close } = await open();
    await page.locator('#next').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#kind-problem').textContent()).toBe('This is needed.');
    await page.locator('[name=kind][value=likeness]').focus();
    await page.keyboard.press('Space');
    await page.locator('#urls').fill('nowhere');
    await page.locator('#description').fill('It shows me.');
    await page.locator('#next').press('Enter');
    expect(await page.locator('#urls-problem').textContent()).toContain('no address');
    await page.locator('#urls').fill('https://example.org/a');
    await page.locator('#next').press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('step-1');
    await page.locator('#name').fill('Jo <b>Doe</b>');
    await page.locator('#email').fill('jo@example.org');
    await page.locator('#email').press('Enter');
    await page.locator('#good_faith').press('Space');
    await page.locator('#signature').fill('Jo Doe');
    await page.locator('#signature').press('Enter');
    await page.locator('#done').waitFor();
    await shot(page, 'report-done');
    expect(await violations(page)).toEqual([]);
    await page.locator('#follow').click();
    await page.locator('#result').waitFor();
    expect(await page.locator('#verdict').textContent()).toBe('A person will look at it');
    await shot(page, 'status-open');
    expect(await violations(page)).toEqual([]);
    expect(sent.every(({ url }) => !new URL(url).search.includes('secret'))).toBe(true);
    await page.locator('#withdraw').click();
    await expect.poll(() => page.locator('#verdict').textContent()).toBe('You took it back');
    expect(problems).toEqual([]);
    await close();
  });

  it.each([
    { width: 320, locale: 'de-DE' },
    { width: 390, locale: 'ar' },
    { width: 390, locale: 'ja', dark: true },
    { width: 1100, locale: 'en-GB', dark: true },
    { width: 768, locale: 'hi' },
  ])('fits and is accessible at $width px in $locale', async (view) => {
    const { page, problems, close } = await open(view);
    for (const step of [0, 1, 2]) {
      await page.evaluate(`document.querySelectorAll('[data-step]').forEach((one, i) => { one.hidden = i !== ${step}; })`);
      expect(await violations(page), `step ${step}`).toEqual([]);
      expect(await overflows(page), `step ${step}`).toBe(false);
      await shot(page, `report-${view.locale}-${view.width}-${step}`);
    }
    expect(problems).toEqual([]);
    await close();
  });

  it('keeps what was written when the connection is gone', async () => {
    const { page, close } = await open();
    await fillFirstStep(page);
    await page.locator('#urls').fill('https://example.org/b');
    await fillRest(page);
    await page.route('**/v1/notices', (route) => route.abort());
    await page.locator('#send').click();
    await expect.poll(() => page.locator('#trouble').textContent()).toContain('still here');
    expect(await page.locator('#signature').inputValue()).toBe('Jo Doe');
    await close();
  });
});

describe.skipIf(WITHOUT_CHROMIUM !== null)('the page where a decision is appealed', () => {
  it('shows the reasons in the reader’s language and takes the appeal', async () => {
    studio.plant.findInArtifacts(known(0.95));
    const { imprimatur } = await errorOf(await studio.gateway.post('/v1/images/generations', { prompt: 'a ball' }));
    const { page, problems, close } = await open({ path: String(imprimatur['appeal_url']), locale: 'fr', width: 390 });
    await page.locator('#form').waitFor();
    expect(await page.locator('#sentences').textContent()).toContain("L'image a été créée et est retenue.");
    await shot(page, 'appeal-fr');
    expect(await violations(page)).toEqual([]);
    await page.locator('#statement').fill('C’est un ballon.');
    await page.locator('button[type=submit]').click();
    await page.locator('#result').waitFor();
    expect(await page.locator('#verdict').textContent()).toContain('Votre contestation est arrivée');
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });
});
