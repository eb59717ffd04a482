import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function installed(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of NAMES) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  return null;
}

const path = installed();

/** Why browser tests cannot run here, or null. On CI a missing browser is a failure and not a skip. */
export const WITHOUT_CHROMIUM = path === null && process.env['CI'] !== 'true' ? 'Chromium is not installed' : null;

/** The system's Chromium, headless, told to reach nothing but this machine. */
export async function launchChromium(): Promise<Browser> {
  if (path === null) throw new Error('Chromium is not installed.');
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] });
}
