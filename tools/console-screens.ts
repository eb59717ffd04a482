// Pictures of the console's screens for docs/console.md, from made-up answers: tsx tools/console-screens.ts [folder] [name…]; without names those that the documents show.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { buildConsole, serveConsole } from '../console/test/served.ts';
import { launchChromium } from '../test/e2e/chromium.ts';

interface Screen {
  readonly name: string;
  readonly path: string;
  readonly theme?: 'dark';
  readonly language?: string;
  readonly size?: { width: number; height: number };
  readonly act?: (page: Page) => Promise<unknown>;
}

/** Pictures that `docs/` shows; the others are for looking at while one works on the screens. */
const IN_DOCS = [
  ...['queues', 'queues-phone', 'case-block', 'case-dark', 'case-compare', 'case-edit', 'case-phone', 'case-arabic'],
  ...['quality', 'operations', 'gates-phone'],
];

const start = async (page: Page) => {
  await page.locator('[aria-labelledby="queue-real_people"] button').click();
  await page.locator('.picture').first().waitFor();
  await page.waitForTimeout(400);
};
const PHONE = { width: 390, height: 844 };

const SCREENS: readonly Screen[] = [
  { name: 'queues', path: '/' },
  { name: 'queues-dark', path: '/', theme: 'dark' },
  { name: 'queues-phone', path: '/', size: PHONE },
  { name: 'case', path: '/', act: start },
  { name: 'case-dark', path: '/', theme: 'dark', act: start },
  { name: 'case-1024', path: '/', size: { width: 1024, height: 768 }, act: start },
  { name: 'case-phone', path: '/', size: PHONE, act: start },
  { name: 'case-arabic', path: '/', language: 'ar', act: start },
  {
    name: 'case-block',
    path: '/',
    act: async (page) => {
      await start(page);
      await page.keyboard.press('4');
      await page.keyboard.press('1');
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'case-edit',
    path: '/',
    act: async (page) => {
      await start(page);
      await page.keyboard.press('3');
      await page.keyboard.press('n');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'case-compare',
    path: '/',
    act: async (page) => {
      await start(page);
      await page.keyboard.press('v');
      await page.keyboard.down(' ');
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'case-decided',
    path: '/',
    act: async (page) => {
      await start(page);
      await page.keyboard.press('1');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(500);
    },
  },
  { name: 'help', path: '/', act: (page) => page.keyboard.press('?') },
  { name: 'search', path: '/search?q=gen_0001' },
  { name: 'timeline', path: '/cases/case_00017f3k9q2x8w5b1n61/timeline' },
  { name: 'appeals', path: '/appeals' },
  { name: 'quality', path: '/quality' },
  { name: 'quality-dark', path: '/quality', theme: 'dark' },
  { name: 'operations', path: '/operations' },
  { name: 'operations-dark', path: '/operations', theme: 'dark' },
  { name: 'policies', path: '/policies' },
  { name: 'registries', path: '/registries' },
  { name: 'gates', path: '/gates' },
  { name: 'gates-phone', path: '/gates', size: PHONE },
  { name: 'audit', path: '/audit' },
  { name: 'settings', path: '/settings' },
  { name: 'break', path: '/break' },
];

const [folder = 'docs/screens', ...names] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const built = await buildConsole();
const served = await serveConsole(built);
const browser = await launchChromium();
for (const screen of SCREENS.filter(({ name }) => (names.length === 0 ? IN_DOCS : names).includes(name))) {
  const context = await browser.newContext({ viewport: screen.size ?? { width: 1440, height: 900 }, locale: screen.language ?? 'en' });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error(screen.name, message.text()));
  page.on('pageerror', (error) => console.error(screen.name, error.message));
  await page.addInitScript((theme) => localStorage.setItem('imprimatur.preferences', JSON.stringify({ theme })), screen.theme ?? 'light');
  await page.goto(`${served.url}/console${screen.path}`);
  await page.locator('main h1, header h1').first().waitFor({ state: 'attached' });
  await page.waitForTimeout(300);
  await screen.act?.(page);
  const shot = await page.screenshot();
  await sharp(shot)
    .png({ palette: true, quality: 85, effort: 8 })
    .toFile(join(folder, `${screen.name}.png`));
  await context.close();
}
await browser.close();
await served.close();
