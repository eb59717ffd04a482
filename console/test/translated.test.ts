import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, WITHOUT_CHROMIUM } from '../../test/e2e/chromium.ts';
import { de } from '../src/words/de.ts';
import { phrase } from '../src/words/words.ts';
import { buildConsole, type ServedConsole, serveConsole } from './served.ts';

let browser: Browser;
let served: ServedConsole;

beforeAll(async () => {
  if (WITHOUT_CHROMIUM !== null) return;
  const [started, built] = await Promise.all([launchChromium(), buildConsole()]);
  browser = started;
  served = await serveConsole(built);
});
afterAll(async () => {
  await browser?.close();
  await served?.close();
});

describe.skipIf(WITHOUT_CHROMIUM !== null)(`a case in another language (${WITHOUT_CHROMIUM ?? 'Chromium'})`, () => {
  it("tells what the gateway says in the reader's words, and an operator's own words as they are", async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'de', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.goto(`${served.url}/console/`);
    await page.locator('[aria-labelledby="queue-real_people"] button').click();
    await page.locator('.reasons').waitFor();
    expect(await page.locator('.reasons').textContent()).toContain('Eine falsche politische Behauptung.');
    expect(await page.locator('.reasons').textContent()).toContain('Another part of the policy (say which in the note)');
    const why = await page.locator('.why').textContent();
    expect(why).toContain('Ein Gesicht ähnelt mehreren Personen des Registers.');
    expect(why).toContain('named-public-figure · Namen und Werke · eine öffentliche Person wird genannt');
    expect(await page.locator('.case-bar').textContent()).toContain('Ziel für die Prüfung');
    expect(await page.locator('.column.right').textContent()).toContain(phrase(de, 'user.gist', { refused: 3, strikes: 1 }, 'de'));
    await page.getByRole('button', { name: 'Jetzt zeigen (wird protokolliert)' }).click();
    await page.locator('.signals').getByText('ein Gesicht wie mehrere Personen des Registers').first().waitFor({ timeout: 5_000 });
    await page.locator('.case-bar .sla').click();
    expect(await page.locator('.clock-list').textContent()).toContain('TAKE IT DOWN Act, section 3');
    await context.close();
  });
});
