import type { Browser, BrowserContext } from 'playwright-core';

/** A browser of its own for one person, with a reviewer's window, in English. */
export async function newConsoleContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en', reducedMotion: 'reduce' });
  context.setDefaultTimeout(15_000);
  return context;
}
