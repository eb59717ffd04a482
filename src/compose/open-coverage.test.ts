import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { waivers } from '../cli/commands/waivers.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { gapsOf } from '../policy/coverage.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, small } from '../policy/policy.fixture.ts';
import { readCoverage, refuseGaps } from './open-coverage.ts';

const dir = mkdtempSync(join(tmpdir(), 'imprimatur-coverage-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const policy = loadPolicy(small('thresholds: { violence_gore: { hold: 0.5 } }\n'), { checks: CHECKS });
const available = CHECKS.map(
  (check): Check => ({
    ...check,
    detect: () => ({ kind: 'signals', signals: [] }),
  }),
);

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const path = (name: string) => join(dir, name);
writeFileSync(path('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
writeFileSync(path('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));

async function read(coverage: object, env: Record<string, string> = {}) {
  writeFileSync(path('config.yaml'), JSON.stringify({ coverage }));
  const report = await readCoverage(loadConfig({ env: { IMPRIMATUR_CONFIG: path('config.yaml'), ...env } }), { policy, available });
  refuseGaps(report);
  return report;
}
const PUBLIC = { IMPRIMATUR_HOST: '0.0.0.0' };
const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

async function signed(out: string, ...args: string[]) {
  const lines: string[] = [];
  const terminal = { out: (text: string) => lines.push(text), err: (text: string) => lines.push(text), isInteractive: false };
  const about = ['--reason', 'Only wallpaper.', '--by', 'J. Doe', '--until', until, '--key', path('key.pem')];
  await waivers.run(['sign', '--categories', 'violence_gore', ...about, '--out', out, ...args], { env: {}, terminal });
  return lines.join('\n');
}

describe('a policy that names what nobody looks for in pictures', () => {
  it('does not start on a public address, and is told what, where, and what to do', async () => {
    const refused = read({}, PUBLIC);
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(refused).rejects.toThrow(
      /violence_gore, on input pictures[\s\S]*violence_gore, on what the model made[\s\S]*imprimatur waivers sign/,
    );
  });

  it('starts on this machine, and where development is allowed, unless it is told to enforce', async () => {
    expect(gapsOf((await read({})).rows())).toHaveLength(2);
    expect((await read({}, { ...PUBLIC, IMPRIMATUR_ALLOW_DEVELOPMENT: 'true' })).isEnforced).toBe(false);
    await expect(read({ enforce: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('starts with a waiver that the command line signed', async () => {
    expect(await signed(path('waiver.json'))).toContain(`waived until ${until}: violence_gore on artifact`);
    const { rows } = await read({ waivers: [path('waiver.json')], publicKeys: [path('public.pem')] }, PUBLIC);
    expect(rows().filter(({ state }) => state === 'waived')).toMatchObject([
      { category: 'violence_gore', looksAt: 'input_image', waiver: { by: 'J. Doe' } },
      { category: 'violence_gore', looksAt: 'artifact' },
    ]);
  });

  it('does not start, on any address, with a waiver that was changed, that nobody signed, or that cannot be read', async () => {
    await signed(path('changed.json'));
    writeFileSync(path('changed.json'), readFileSync(path('changed.json'), 'utf8').replace('J. Doe', 'A. Nother'));
    writeFileSync(path('bare.json'), readFileSync(path('waiver.json')));
    for (const name of ['changed.json', 'bare.json', 'missing.json'])
      await expect(read({ waivers: [path(name)], publicKeys: [path('public.pem')] }), name).rejects.toThrow(
        new RegExp(`coverage.waivers: .*${name}`),
      );
    await expect(read({ publicKeys: [path('key.pem'), path('missing.pem')] })).rejects.toThrow('coverage.publicKeys');
  });

  it('does not sign what would count for nothing', async () => {
    await expect(signed(path('long.json'), '--until', '2999-01-01')).rejects.toThrow('one year');
    await expect(signed(path('prompt.json'), '--looks-at', 'prompt')).rejects.toThrow('looksAt');
    await expect(signed(path('key.json'), '--key', path('public.pem'))).rejects.toThrow('Ed25519 private key');
  });
});
