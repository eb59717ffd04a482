import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainPng } from '../../src/provenance/foreign/files.fixture.ts';
import { bytesOf } from './answers.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';
import { REPORTS } from './page-reports.ts';
import { useStudio } from './studio.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SCREENSHOTS = process.env['IMPRIMATUR_SCREENSHOTS'];
const studio = useStudio();
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
}

/** A fresh page; fails the test on any script error and on anything that the content security policy stopped. */
async function open({ width = 1100, dark = false, locale = 'en' }: View = {}) {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    locale,
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('Failed to load resource') && problems.push(message.text()),
  );
  // From now on the browser asks us; asked for only when a key was pressed, it may be too late.
  page.on('filechooser', () => undefined);
  await page.goto(`${studio.gateway.url}/verify`);
  return { page, problems, close: () => context.close() };
}

async function give(page: Page, bytes: Uint8Array, name = 'picture.png') {
  await page.locator('#file').setInputFiles({ name, mimeType: 'image/png', buffer: Buffer.from(bytes) });
}

async function violations(page: Page): Promise<string[]> {
  // Through the debugger, since the page's own policy lets no script in but its own.
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found: unknown = await page.evaluate(
    "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].target))",
  );
  return Array.isArray(found) ? found.map(String) : ['axe gave no answer'];
}

async function shot(page: Page, name: string) {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true });
}

const overflows = (page: Page) => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

describe.skipIf(WITHOUT_CHROMIUM !== null)('the page where anybody asks about a picture', () => {
  it('answers for a picture of ours with the keyboard alone, and moves to the answer', async () => {
    const picture = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a ball' })).data?.[0]);
    const { page, problems, close } = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('file');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles({ name: 'a.png', mimeType: 'image/png', buffer: picture });
    await page.locator('#result').waitFor();
    expect(await page.locator('#verdict').textContent()).toBe('Made here, and unchanged');
    expect(await page.evaluate('document.activeElement.id')).toBe('verdict');
    expect(await page.locator('[data-answer=record]').textContent()).toContain('studio');
    expect(await page.locator('.tree image').getAttribute('href')).toMatch(/^blob:/);
    expect(problems).toEqual([]);
    await close();
  });

  it.each(Object.keys(REPORTS))(
    'shows the answer "%s" without a fault of accessibility, on a desk and on a phone in the dark',
    async (name) => {
      for (const view of [{}, { width: 360, dark: true }] satisfies View[]) {
        const { page, problems, close } = await open(view);
        await page.route('**/v1/verify', (route) => route.fulfill({ json: Object.entries(REPORTS).find(([key]) => key === name)?.[1] }));
        await give(page, await plainPng(96, 2));
        await page.locator('#result').waitFor();
        await shot(page, `${name}-${view.width ?? 'desk'}${view.dark === true ? '-dark' : ''}`);
        expect(await violations(page)).toEqual([]);
        expect(await overflows(page)).toBe(false);
        expect(problems).toEqual([]);
        await close();
      }
    },
  );

  it.each([
    ['intact', 'It belongs to this picture', 'art_01j'],
    ['recovered', 'It belongs to this picture', 'Changed since then: made smaller, turned by 90°, mirrored, put into a larger picture'],
    ['copied', 'belongs to another picture: somebody copied it into this one', 'art_01j'],
    ['unsure', 'too little in the picture', 'art_01j'],
    ['reviewer', 'shown for review and never published', ''],
    ['unrecorded', 'nothing is on record here', 'enlarged or cut out, colors inverted'],
    ['none', 'That proves little', ''],
    ['unseen', 'could not be looked for', ''],
  ] as const)('says of our invisible mark, in plain words, what it means: %s', async (name, sentence, under) => {
    const { page, problems, close } = await open();
    await page.route('**/v1/verify', (route) => route.fulfill({ json: REPORTS[name] }));
    await give(page, await plainPng(96, 2));
    await page.locator('#result').waitFor();
    const said = (await page.locator('[data-answer=mark]').textContent()) ?? '';
    expect(said).toContain(sentence);
    expect(said).toContain(under);
    const isOdd = ['copied', 'reviewer', 'unrecorded'].includes(name);
    expect((await page.locator('#result').getAttribute('data-tone')) === 'warn').toBe(isOdd);
    expect(problems).toEqual([]);
    await close();
  });

  it('says that it reads, that a file is too large, that something failed, and that there is no connection', async () => {
    const { page, problems, close } = await open({ width: 360 });
    await shot(page, 'empty-360');
    expect(await violations(page)).toEqual([]);
    const trouble = async (answer: 'hang' | 413 | 500 | 'abort') => {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.route('**/v1/verify', (route) => {
        if (answer === 'hang') return;
        return answer === 'abort' ? route.abort() : route.fulfill({ status: answer, json: {} });
      });
      await give(page, await plainPng());
      if (answer !== 'hang') await page.locator('#trouble:not(:empty)').waitFor();
      else await page.locator('body[data-state=reading]').waitFor();
      await shot(page, `trouble-${answer}`);
      expect(await violations(page)).toEqual([]);
      return page.locator(answer === 'hang' ? '#status' : '#trouble').textContent();
    };
    expect(await trouble(413)).toContain('too large');
    expect(await trouble(500)).toContain('could not be looked at');
    expect(await trouble('abort')).toContain('cannot be reached');
    expect(await trouble('hang')).toContain('Looking');
    expect(problems).toEqual([]);
    await close();
  });

  it('takes a picture that is dropped, and treats a name full of markup as a name', async () => {
    const { page, problems, close } = await open();
    const drop = `const data = new DataTransfer(); data.items.add(new File([new Uint8Array(${JSON.stringify([...(await plainPng(32))])})], '<img src=x onerror=alert(1)>.png'));
      dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }))`;
    await page.evaluate(drop);
    await page.locator('#result').waitFor();
    expect(await page.locator('#verdict').textContent()).toBe('No credential found');
    expect(await page.locator('#note').textContent()).toContain('does not mean that a person made it');
    expect(await page.locator('main img').count()).toBe(0);
    expect(problems).toEqual([]);
    await close();
  });

  it.each(['de', 'ar', 'ja', 'hi'])('speaks %s, without a fault of accessibility at 360 px', async (locale) => {
    const { page, problems, close } = await open({ width: 360, locale });
    expect(await page.locator('html').getAttribute('lang')).toBe(locale);
    for (const name of ['foreign', 'recovered'] as const) {
      await page.unrouteAll();
      await page.route('**/v1/verify', (route) => route.fulfill({ json: REPORTS[name] }));
      await give(page, await plainPng(96, 3));
      await page.locator('body[data-state=result]').waitFor();
      await shot(page, `language-${locale}-${name}`);
      expect(await violations(page)).toEqual([]);
      expect(await overflows(page)).toBe(false);
    }
    expect(problems).toEqual([]);
    await close();
  });

  it('keeps nothing: looking leaves no row and no file', async () => {
    const { db } = studio.gateway.gateway.parts;
    const count = async () =>
      (
        await db.query({
          text: 'select (select count(*) from artifacts) + (select count(*) from upload_checks) + (select count(*) from ledger_leaves) + (select count(*) from ledger_outbox) as rows',
        })
      ).rows;
    await studio.gateway.fetch('/readyz');
    const before = await count();
    const { page, close } = await open();
    await give(page, await plainPng());
    await page.locator('#result').waitFor();
    expect(await count()).toEqual(before);
    await close();
  });
});
