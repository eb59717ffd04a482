// How long the console takes to show something, in Chromium on this machine, from made-up answers: tsx console/tools/measure-loading.ts [rounds].
import type { Browser } from 'playwright-core';
import { writeResult } from '../../bench/results.ts';
import { launchChromium } from '../../test/e2e/chromium.ts';
import { buildConsole, serveConsole } from '../test/served.ts';

interface Loading {
  readonly bytes: number;
  readonly firstPaintMs: number;
  readonly queuesMs: number;
  readonly caseMs: number;
  readonly pictureMs: number;
  readonly revealMs: number;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function load(browser: Browser, url: string): Promise<Loading> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' });
  const page = await context.newPage();
  let bytes = 0;
  page.on('requestfinished', async (request) => {
    if (request.url().includes('/console')) bytes += (await request.sizes().catch(() => null))?.responseBodySize ?? 0;
  });
  const since = (start: number) => Math.round(performance.now() - start);
  const opened = performance.now();
  await page.goto(`${url}/console/`);
  await page.locator('.queue-card').first().waitFor();
  const queuesMs = since(opened);
  const firstPaintMs = await page.evaluate(() => Math.round(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
  await page.waitForTimeout(200);
  const firstLoad = bytes;
  const started = performance.now();
  await page.locator('[aria-labelledby="queue-real_people"] button').click();
  await page.locator('.decision-bar').waitFor();
  const caseMs = since(started);
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.picture')?.complete === true);
  const pictureMs = since(started);
  const held = performance.now();
  await page.keyboard.down(' ');
  await page.locator('.stage[data-reveal="open"]').waitFor();
  const revealMs = since(held);
  await context.close();
  return { bytes: firstLoad, firstPaintMs, queuesMs, caseMs, pictureMs, revealMs };
}

const rounds = Number(process.argv[2] ?? '9');
const built = await buildConsole();
const served = await serveConsole(built);
const browser = await launchChromium();
const loads: Loading[] = [];
for (let round = 0; round < rounds; round++) loads.push(await load(browser, served.url));
await browser.close();
await served.close();
const of = (name: keyof Loading) => median(loads.map((one) => one[name]));
await writeResult('console-loading', {
  rounds,
  firstLoadKb: Math.round(of('bytes') / 1024),
  medianMs: {
    firstPaint: of('firstPaintMs'),
    queues: of('queuesMs'),
    caseAfterStart: of('caseMs'),
    pictureAfterStart: of('pictureMs'),
    reveal: of('revealMs'),
  },
  note: 'Cold browser cache, answers made up on the same machine: the time of the screens, not of the gateway.',
});
