import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildConsole } from '../../console/test/served.ts';
import { CLIENT, startIdentityProvider, type TestProvider } from '../sign-in/identity-provider.ts';
import { errorOf, jsonOf } from './answers.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';
import { newConsoleContext } from './console-pages.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { known, plantCheck } from './planted-checks.ts';
import { answerPictures, neutralPicture, startUpstream, type Upstream } from './upstream.ts';
import { settledJob } from './waiting.ts';

const operator = { surface: 'operator' };
const HELD_PROMPT = 'photo of Angela Merkel being arrested';
const SECRET = Buffer.alloc(32, 'shared with the platform');
const SIDE = 256;

const plant = plantCheck();
let gateway: TestGateway;
let upstream: Upstream;
let provider: TestProvider;
let browser: Browser;
let desk: BrowserContext;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

beforeAll(async () => {
  if (WITHOUT_CHROMIUM !== null) return;
  const port = await freePort();
  [upstream, provider, browser] = await Promise.all([
    startUpstream(),
    startIdentityProvider({ redirectUri: `http://127.0.0.1:${port}/v1/sign-in/callback` }),
    launchChromium(),
  ]);
  const map = { seniors: ['senior_reviewer', 'incident_commander'], reviewers: ['reviewer'], guards: ['child_safety'] };
  gateway = await startTestGateway(
    {
      port,
      models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }],
      applications: [{ id: 'default', name: 'Shop', keys: [{ kid: 'k1', algorithm: 'HMAC', secret: SECRET.toString('base64url') }] }],
      oidc: { ...CLIENT, issuer: provider.issuer, roles: { claim: 'groups', map } },
    },
    { checks: plant.checks, consoleFolders: [(await buildConsole()).folder] },
  );
  provider.groups.set('ada', ['seniors']);
  provider.groups.set('grace', ['guards']);
  desk = await newConsoleContext(browser);
  const page = await signIn(desk, 'ada');
  await page.close();
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await upstream?.close();
  await provider?.stop();
});
beforeEach(() => {
  if (WITHOUT_CHROMIUM !== null) return;
  plant.reset();
  upstream.reset();
});

async function open(path: string, context = desk): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${gateway.url}/console${path}`);
  return page;
}

/** Through the pages of the provider. */
async function signIn(context: BrowserContext, who: string): Promise<Page> {
  const page = await open('/', context);
  await page.getByRole('link', { name: /^Sign in with/ }).click();
  await passProvider(page, who);
  await page.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
  return page;
}

/** Through the provider's forms, as many as it shows: who one is, and the first time whether it may tell. */
async function passProvider(page: Page, who: string): Promise<void> {
  while (!page.isClosed() && (await isAtProvider(page))) {
    const form = page.locator('button[type=submit]');
    if (await page.locator('input[name=login]').count()) {
      await page.locator('input[name=login]').fill(who);
      await page.locator('input[name=password]').fill('any');
    }
    const address = page.url();
    await form.click();
    await page.waitForURL((url) => url.href !== address).catch(() => undefined);
  }
}

async function isAtProvider(page: Page): Promise<boolean> {
  await page.waitForLoadState().catch(() => undefined);
  return !page.isClosed() && page.url().startsWith(provider.issuer);
}

function claim(): string {
  const at = Math.floor(Date.now() / 1000);
  const payload = { iss: 'default', aud: 'imprimatur', sub: 'pseudonym-7', jti: randomUUID(), iat: at, exp: at + 60, tier: 'verified' };
  const head = `v1.k1.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`;
}

async function held(prompt = HELD_PROMPT, headers: Record<string, string> = {}) {
  const { imprimatur } = await errorOf(await gateway.post('/v1/images/generations', { prompt }, { headers }));
  return { caseId: imprimatur.case_id ?? '', id: imprimatur.generation_id ?? '' };
}

/** An edit whose picture is held: gradients in, gradients out. */
async function heldEdit() {
  plant.findInArtifacts(known(0.6));
  const output = await chequered();
  upstream.behave((_request, response) => answerPictures(response, [output]));
  const form = new FormData();
  form.append('prompt', 'Make it greener');
  form.append('image', new Blob([new Uint8Array(await neutralPicture('png', SIDE, 1))], { type: 'image/png' }), '"><img src=x>.png');
  const { imprimatur } = await errorOf(await gateway.fetch('/v1/images/edits', { method: 'POST', body: form }));
  plant.reset();
  return { caseId: imprimatur.case_id ?? '', id: imprimatur.generation_id ?? '', output };
}

const caseBody = z.looseObject({
  status: z.string(),
  decisions: z.array(z.looseObject({ decision: z.string(), note: z.string().nullable() })),
});
const caseOf = async (id: string) => jsonOf(await gateway.fetch(`/v1/cases/${id}`, operator), caseBody);

async function openCase(id: string, context = desk): Promise<Page> {
  const page = await open(`/cases/${id}`, context);
  await page.locator('.lease').waitFor();
  return page;
}

/** As `DECIDES` without its ten seconds to take it back: the test has no time for them. */
const withoutUndo = (page: Page) =>
  page.route('**/decisions', (route) => route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), undo: 0 }) }));

describe.skipIf(WITHOUT_CHROMIUM !== null)(`the case page at the real gateway (${WITHOUT_CHROMIUM ?? 'Chromium'})`, () => {
  it('shows a held edit only blurred, and the picture while the key is down: marked, counted, and in the ledger each time', async () => {
    const { caseId } = await heldEdit();
    const answers: { method: string; url: string; type: string | undefined }[] = [];
    const page = await openCase(caseId);
    page.on('response', (one) => answers.push({ method: one.request().method(), url: one.url(), type: one.headers()['content-type'] }));
    await page.locator('.picture').first().waitFor();
    await page.keyboard.press('b');
    await expect.poll(() => answers.some(({ url }) => url.includes('blur=3'))).toBe(true);
    await page.keyboard.press('v');
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.compare-over').getAttribute('style')).toContain('49%');
    expect(answers.every(({ type }) => type !== 'image/jpeg')).toBe(true);

    await page.locator('main').focus();
    await page.keyboard.down(' ');
    await page.locator('.stage[data-reveal="open"]').waitFor();
    expect(await page.locator('.picture[src^="blob:"]').count()).toBe(2);
    await page.keyboard.up(' ');
    await page.locator('.stage[data-reveal="hidden"]').waitFor();
    expect(await page.locator('.picture[src^="blob:"]').count()).toBe(0);
    const shown = async () =>
      (await ledgerEntries(gateway)).filter((entry) => entry['case'] === caseId && /\.shown$/.test(String(entry['kind'])));
    await expect.poll(async () => (await shown()).length).toBe(2);
    expect((await shown()).map(({ by }) => String(by))).toEqual([
      expect.stringMatching(/^operator:user_/),
      expect.stringMatching(/^operator:user_/),
    ]);
    await page.close();
  });

  it('lets a region be drawn by mouse and moved by keys, and delivers the picture with exactly that blurred', async () => {
    const { caseId, id, output } = await heldEdit();
    const page = await openCase(caseId);
    await withoutUndo(page);
    await page.keyboard.press('3');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Draw at least one region').filter({ visible: true }).first().waitFor();
    const box = await page.locator('.region-surface').boundingBox();
    if (box === null) throw new Error('no surface');
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.up();
    const region = page.getByRole('group', { name: /^Region 1, Blur/ });
    await region.focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowDown']) await page.keyboard.press(key);
    expect(await region.getAttribute('aria-label')).toMatch(/12% from the left, 10% from the top, 30% wide, 31% high/);
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Edit & allow', { exact: true }).filter({ visible: true }).first().waitFor();
    const { data } = await settledJob(gateway, id, 'published');
    const delivered = Buffer.from(await (await fetch(data?.[0]?.url ?? '')).arrayBuffer());
    const [inside, outside] = await Promise.all([differenceIn(output, delivered, 0.26, 0.26), differenceIn(output, delivered, 0.75, 0.75)]);
    expect(outside).toBeLessThan(12);
    expect(inside).toBeGreaterThan(20);
    await page.close();
  });

  it('says of an edited picture in which something else is seen that it is held again, and lets the same person decide anew', async () => {
    const { caseId } = await heldEdit();
    const page = await openCase(caseId);
    await withoutUndo(page);
    plant.findInArtifacts({ category: 'violence_gore', score: 0.7, reason: 'planted:gore' });
    await page.keyboard.press('3');
    const box = await page.locator('.region-surface').boundingBox();
    if (box === null) throw new Error('no surface');
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.up();
    await page.keyboard.press('Enter');
    await page.getByText('Checked again and held again', { exact: false }).filter({ visible: true }).first().waitFor();
    expect((await caseOf(caseId)).status).toBe('open');
    await page.locator('.decision-bar').waitFor();
    await page.close();
  });

  it('gives a case to the window that came last, and the older one decides nothing any more', async () => {
    const { caseId } = await held();
    const first = await openCase(caseId);
    const second = await openCase(caseId);
    await first.keyboard.press('1');
    await first.keyboard.press('Enter');
    await first.getByText('Your hold on this case has ended').filter({ visible: true }).first().waitFor();
    expect((await caseOf(caseId)).status).toBe('open');
    await second.keyboard.press('1');
    await second.keyboard.press('Enter');
    await second.getByText('Decided: Allow', { exact: true }).filter({ visible: true }).first().waitFor();
    await first.reload();
    expect(await first.locator('.decision-bar').count()).toBe(0);
    await second.keyboard.press('u');
    await second.getByText('Taken back. The case is open again.').waitFor();
    await second.goto(`${gateway.url}/console/settings`);
    await second.goBack();
    await second.locator('.lease').waitFor();
    await Promise.all([first.close(), second.close()]);
  });

  it('decides once when the line breaks before the decision, and once when it breaks before the answer', async () => {
    const { caseId } = await held();
    const page = await openCase(caseId);
    let breaks: 'before' | 'after' | 'never' = 'before';
    await page.route('**/decisions', async (route) => {
      if (breaks === 'never') return route.continue();
      if (breaks === 'after') await route.fetch();
      return route.abort('connectionreset');
    });
    await page.keyboard.press('3');
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await page.keyboard.type('Seen before');
    await page.getByText('Draft saved').filter({ visible: true }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByText('No answer came').filter({ visible: true }).first().waitFor();
    expect(await caseOf(caseId)).toMatchObject({ status: 'open', decisions: [] });
    await page.reload();
    await page.locator('.lease').waitFor();
    expect(await page.locator('textarea').inputValue()).toBe('Seen before');
    breaks = 'after';
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Block', { exact: true }).filter({ visible: true }).first().waitFor();
    expect((await caseOf(caseId)).decisions).toMatchObject([{ decision: 'block', note: 'Seen before' }]);
    await page.close();
  });

  it('says during a break that no case is given, asks the gateway once and no more, and gives it when the break is over', async () => {
    const { caseId } = await held();
    const rest = await open('/break');
    const end = rest.getByRole('button', { name: 'End the break' });
    await end.waitFor();
    const page = await desk.newPage();
    const claims: string[] = [];
    page.on('request', (one) => /\/claim$/.test(one.url()) && claims.push(one.url()));
    await page.goto(`${gateway.url}/console/cases/${caseId}`);
    const strip = page.getByRole('alert').filter({ hasText: 'You are given no cases at the moment.' });
    await strip.getByText('You are on a break.').filter({ visible: true }).first().waitFor();
    await page.waitForTimeout(100);
    expect(claims).toHaveLength(1);
    await end.click();
    await rest.getByRole('heading', { level: 1, name: 'Queues' }).waitFor();
    await strip.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.lease').waitFor();
    await Promise.all([page.close(), rest.close()]);
  });

  it('keeps a form while the session ends and somebody signs in again beside it', async () => {
    const { caseId } = await held();
    const page = await openCase(caseId);
    await page.keyboard.press('e');
    await page.keyboard.press('c');
    await page.keyboard.type('For a lawyer');
    await endSessionsOf(page);
    await page.keyboard.type('.');
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: /^Sign in with/ }).click();
    await popup;
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    expect(await page.locator('textarea').inputValue()).toBe('For a lawyer.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Escalate', { exact: true }).filter({ visible: true }).first().waitFor();
    expect((await caseOf(caseId)).status).toBe('escalated');
    await page.close();
  });

  it('asks for a fresh sign-in before a grave act, and then does the act by itself', async () => {
    const thrown = await gateway.post('/v1/kill', { scope: { surface: 'chat' }, reason: 'test' }, operator);
    expect(thrown.ok).toBe(true);
    const page = await open('/gates');
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await gateway.gateway.parts.db.query({ text: `update sessions set signed_in_at = clock_timestamp() - interval '1 hour'` });
    await page.getByRole('button', { name: /lift/i }).first().click();
    await page.getByRole('heading', { name: 'Sign in once more' }).waitFor();
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: /^Sign in with/ }).click();
    await passProvider(await popup, 'ada');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await expect.poll(async () => (await (await gateway.fetch('/v1/kill', operator)).text()).includes('"state":"on"')).toBe(false);
    await page.close();
  });

  it('takes a block with an act on the user by letter, and asks for how long', async () => {
    const { caseId } = await held(HELD_PROMPT, { 'imprimatur-user': claim() });
    const page = await openCase(caseId);
    await page.keyboard.press('f');
    await page.getByLabel('What happens to the user').selectOption('limit');
    await page.getByLabel('For how many days').fill('3');
    await page.locator('main').focus();
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await page.keyboard.type('Third time this week');
    await page.keyboard.press('Escape');
    const sent: unknown[] = [];
    await page.route('**/decisions', (route) => {
      sent.push(route.request().postDataJSON());
      return route.continue();
    });
    await page.keyboard.press('Enter');
    await page.getByText('Decided: Block & user', { exact: true }).filter({ visible: true }).first().waitFor();
    expect(sent).toMatchObject([{ decision: 'block', user_action: 'limit', user_action_days: 3 }]);
    await page.close();
  });

  it('shows what users wrote as text on every page that has it, with hidden characters by number, and calls nothing of it', async () => {
    const attack = '"><img src=x onerror=alert(1)><script>alert(2)</script> \u202egnp.exe\u200b';
    const { caseId } = await held(`${HELD_PROMPT} ${attack}`);
    const notice = {
      kind: 'likeness',
      description: attack,
      urls: ['https://example.org/%3Cb%3E'],
      name: attack,
      email: 'jo@example.org',
      good_faith: true,
    };
    const reported = await fetch(`${gateway.url}/v1/notices`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...notice, signature: attack }),
    });
    expect(reported.status, await reported.clone().text()).toBeLessThan(300);
    const list = await jsonOf(
      await gateway.fetch('/v1/notices', operator),
      z.object({ data: z.array(z.looseObject({ case_id: z.string() })) }),
    );
    const page = await desk.newPage();
    const alarms: string[] = [];
    page.on('dialog', (dialog) => alarms.push(dialog.message()));
    page.on('console', (message) => /Content Security Policy/.test(message.text()) && alarms.push(message.text()));
    page.on('pageerror', (error) => alarms.push(error.message));
    const paths = [
      `/cases/${caseId}`,
      `/cases/${list.data[0]?.case_id}`,
      '/notices',
      `/search?q=${encodeURIComponent(attack)}`,
      `/cases/${caseId}/timeline`,
    ];
    for (const path of paths) {
      await page.goto(`${gateway.url}/console${path}`);
      await page.locator('main h1, header h1').first().waitFor({ state: 'attached' });
      await expect.poll(() => page.locator('.loading').count()).toBe(0);
      expect(await page.locator('img[src="x"], main script').count(), path).toBe(0);
      if (path.startsWith('/cases/') && !path.endsWith('timeline')) {
        await expect
          .poll(() => page.locator('.hostile .control').allTextContents(), { message: path })
          .toEqual(expect.arrayContaining(['U+202E', 'U+200B']));
      }
    }
    expect(alarms).toEqual([]);
    await page.close();
  });

  it('does not say that a case for cleared eyes exists, and opens it for those', async () => {
    plant.findInArtifacts({ category: 'sexual_minors', score: 0.2, reason: 'planted' });
    const { caseId } = await held('A quiet lake');
    const uncleared = await open(`/cases/${caseId}`);
    await uncleared.getByRole('heading', { name: 'This case is not open to you' }).waitFor();
    expect(await uncleared.locator('img.picture').count()).toBe(0);
    await uncleared.close();
    const guard = await newConsoleContext(browser);
    await (await signIn(guard, 'grace')).close();
    const page = await openCase(caseId, guard);
    // The provider did not say when they signed in; what nobody knows is not fresh.
    await page.keyboard.down(' ');
    await page.getByRole('heading', { name: 'Sign in once more' }).waitFor();
    await page.keyboard.up(' ');
    const popup = page.waitForEvent('popup');
    await page.getByRole('link', { name: /^Sign in with/ }).click();
    await passProvider(await popup, 'grace');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('main').focus();
    await page.keyboard.down(' ');
    await page.locator('.stage[data-reveal="open"]').waitFor();
    await page.keyboard.up(' ');
    await guard.close();
  });

  it('gives somebody their own settings on another device', async () => {
    const here = await open('/settings');
    const saved = here.waitForResponse('**/v1/me/preferences');
    await here.getByLabel('Colors').selectOption('dark');
    expect((await saved).ok()).toBe(true);
    await here.close();
    const elsewhere = await newConsoleContext(browser);
    const page = await signIn(elsewhere, 'ada');
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await elsewhere.close();
  });

  it('finds out a proof that does not hold', async () => {
    const { caseId } = await held();
    const page = await desk.newPage();
    await page.route('**/ledger/proof/leaf/*', async (route) => {
      const answer = await route.fetch();
      const proof = await answer.json();
      await route.fulfill({ response: answer, json: { ...proof, entry: btoa('{"kind":"another"}') } });
    });
    await page.goto(`${gateway.url}/console/cases/${caseId}/timeline`);
    await page.getByRole('button', { name: 'Check the proof' }).first().click();
    await page.getByText('the entry is another one than the timeline names').filter({ visible: true }).first().waitFor();
    await page.close();
  });
});

/** The session of whoever has the page open ends on the server. */
async function endSessionsOf(page: Page): Promise<void> {
  const { id } = z.looseObject({ id: z.string() }).parse(await page.evaluate("fetch('/v1/me').then((answer) => answer.json())"));
  expect((await gateway.post(`/v1/staff/${id}/sign-out`, {}, operator)).ok).toBe(true);
}

/** By how many of 255 levels two pictures differ at most around a point. */
/** Of this any blur leaves something else. */
function chequered(): Promise<Buffer> {
  const levels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return (Math.floor(pixel / SIDE / 8) + Math.floor((pixel % SIDE) / 8)) % 2 === 0 ? 96 : 160;
  });
  return sharp(levels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

async function differenceIn(before: Buffer, after: Buffer, x: number, y: number): Promise<number> {
  const area = { left: Math.round(x * SIDE) - 8, top: Math.round(y * SIDE) - 8, width: 16, height: 16 };
  const [a, b] = await Promise.all([before, after].map((bytes) => sharp(bytes).removeAlpha().extract(area).raw().toBuffer()));
  return Math.max(...Array.from(a ?? [], (level, at) => Math.abs(level - (b?.[at] ?? Number.NaN))));
}
