import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeConfig } from './describe-config.ts';
import { loadConfig } from './load-config.ts';

function file(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'imprimatur-config-')), 'imprimatur.yaml');
  writeFileSync(path, text);
  return path;
}

function problemsOf(input: Parameters<typeof loadConfig>[0]): string {
  try {
    loadConfig(input);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

describe('configuration', () => {
  it('starts with nothing set at all', () => {
    const { values } = loadConfig({ env: {} });
    expect(values).toMatchObject({
      host: '127.0.0.1',
      port: 8787,
      surfaces: ['chat', 'app', 'api'],
      models: [{ name: 'demo', kind: 'demo' }],
    });
  });

  it('lets a flag win over the environment, and the environment over the file', () => {
    const config = file('port: 1\nhost: 127.0.0.3\nlogLevel: warn\n');
    const { values, sources } = loadConfig({
      flags: { port: '3' },
      env: { IMPRIMATUR_CONFIG: config, IMPRIMATUR_PORT: '2', IMPRIMATUR_HOST: '127.0.0.2' },
    });
    expect([values.port, values.host, values.logLevel]).toEqual([3, '127.0.0.2', 'warn']);
    expect([sources['port'], sources['host'], sources['logLevel'], sources['dataDir']]).toEqual(['flag', 'environment', 'file', 'default']);
  });

  it('takes no offence at the variable that the README gives a client its key in', () => {
    expect(() => loadConfig({ flags: {}, env: { IMPRIMATUR_KEY: 'imp_sk_x' } })).not.toThrow();
  });

  it('reports every problem at once and says where each was set', () => {
    const text = problemsOf({ flags: { port: 'eighty' }, env: { IMPRIMATUR_LOG_LEVEL: 'loud', IMPRIMATUR_PROT: '1' } });
    expect(text).toContain('3 problems');
    expect(text).toMatch(/port: .*\(from flag\)/);
    expect(text).toMatch(/logLevel: .*\(from environment\)/);
    expect(text).toContain('IMPRIMATUR_PROT: there is no such setting');
  });

  it('refuses a setting in the file that does not exist', () => {
    expect(problemsOf({ flags: { config: file('prot: 1\n') }, env: {} })).toContain('prot');
  });

  it('takes a secret from a variable named in the file, and says which variable is missing', () => {
    const config = file('databaseUrl: { env: MY_DATABASE }\n');
    expect(loadConfig({ flags: { config }, env: { MY_DATABASE: 'postgres://x' } }).values.databaseUrl?.reveal()).toBe('postgres://x');
    expect(problemsOf({ flags: { config }, env: {} })).toContain('MY_DATABASE is not set');
  });

  it('never shows a secret, whichever way somebody prints it', () => {
    const config = loadConfig({ env: { IMPRIMATUR_BOOTSTRAP_KEY: 'a-very-long-secret-of-thirty-chars' } });
    const shown = [
      inspect(config, { depth: 9 }),
      JSON.stringify(config),
      `${config.values.bootstrapKey}`,
      JSON.stringify(describeConfig(config)),
    ].join('\n');
    expect(shown).not.toContain('a-very-long-secret');
    expect(shown).toContain('[redacted]');
  });

  it('refuses to send the secret of a remote signer or a time-stamp authority in the clear to another machine', () => {
    const signer = { name: 'a', certificates: 'chain.pem', remote: { keyId: 'k', token: { env: 'TOKEN' } } };
    const problems = (url: string) => {
      const timestamps = { authorities: [{ url, authorization: { env: 'LOGIN' } }] };
      const signers = [{ ...signer, remote: { ...signer.remote, url } }];
      return problemsOf({
        flags: { config: file(JSON.stringify({ signers, timestamps })) },
        env: { TOKEN: 's'.repeat(32), LOGIN: 'Basic x' },
      });
    };
    expect(problems('http://kms.example/sign').match(/in the clear/g)).toHaveLength(2);
    expect(problems('https://kms.example/sign')).toBe('');
    expect(problems('http://127.0.0.1:9000/sign')).toBe('');
  });

  it('refuses a bootstrap key that could be guessed', () => {
    expect(problemsOf({ env: { IMPRIMATUR_BOOTSTRAP_KEY: 'short' } })).toContain('at least 24 characters');
  });
});
