import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

// What somebody has who runs `npm install imprimatur` and imports the prompt layer: the files that are published, nothing else of this checkout.

const isBuilt = existsSync('dist/prompt-safety.js');
if (!isBuilt) process.stderr.write('skipped: dist/ is not built (npm run build)\n');

const home = mkdtempSync(join(tmpdir(), 'imprimatur-library-'));
const installed = join(home, 'node_modules/imprimatur');
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

/** The dependencies as they lie here: an install would fetch them. */
function linkDependencies(): void {
  for (const name of readdirSync('node_modules')) {
    if (name.startsWith('.') || name === 'imprimatur') continue;
    symlinkSync(resolve('node_modules', name), join(home, 'node_modules', name));
  }
}

function app(source: string): unknown {
  const path = join(home, 'app.mjs');
  writeFileSync(path, source);
  // No connection may be opened: whatever tries is told that there is no such thing.
  const offline = `import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('a connection'); };`;
  writeFileSync(join(home, 'offline.mjs'), offline);
  const out = execFileSync(process.execPath, ['--import', join(home, 'offline.mjs'), path], { cwd: home, encoding: 'utf8', env: {} });
  return JSON.parse(out);
}

it('is built where everything must be tested', () => expect(isBuilt || process.env['CI'] !== 'true').toBe(true));

describe.skipIf(!isBuilt)('the prompt layer as a library', () => {
  beforeAll(() => {
    const { files } = z.looseObject({ files: z.array(z.string()) }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
    mkdirSync(installed, { recursive: true });
    // Not by `npm pack`: it compresses the networks, a minute of work, and prompts need none of them.
    const isWanted = (path: string) => path !== join('dist', 'networks');
    for (const path of ['package.json', ...files]) cpSync(path, join(installed, path), { recursive: true, filter: isWanted });
    linkDependencies();
  });

  it('judges a prompt offline, says why, and tells the end user in their language', () => {
    const answer = app(`
      import { createPromptSafety } from 'imprimatur/prompts';
      const safety = await createPromptSafety({ policy: 'strict' });
      const stopped = await safety.judge('a d.e.c.a.p.i.t.a.t.e.d head', { language: 'de' });
      const passed = await safety.judge('a bowl of fruit');
      const [moderated] = await safety.moderate(['a scene full of gore']);
      console.log(JSON.stringify({ stopped, passed: passed.decision, moderated }));
    `);
    expect(answer).toMatchObject({
      stopped: { decision: 'block', policy: expect.stringContaining('strict@'), told: { language: 'de' }, failures: [] },
      passed: 'allow',
      moderated: { flagged: true, categories: { violence: true, violence_gore: true } },
    });
  });

  it('refuses a rules file with a mistake by its line', () => {
    writeFileSync(
      join(home, 'rules.yaml'),
      'version: mine\nrules:\n  - { id: one, category: hatred, score: 1, languages: [en], anyOf: [x y] }\n',
    );
    const answer = app(`
      import { createPromptSafety } from 'imprimatur/prompts';
      const said = await createPromptSafety({ promptRules: 'rules.yaml' }).then(() => 'loaded', (error) => [error.code, error.message]);
      console.log(JSON.stringify(said));
    `);
    expect(answer).toEqual(['CONFIG_INVALID', expect.stringContaining('line 3')]);
  });

  it('has types', () => expect(existsSync(join(installed, 'dist/prompt-safety.d.ts'))).toBe(true));
});
