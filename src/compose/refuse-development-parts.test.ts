import { describe, expect, it } from 'vitest';
import { isLoopback } from '../access/loopback.ts';
import { loadConfig } from '../config/load-config.ts';
import { refuseDevelopmentParts } from './refuse-development-parts.ts';

const on = (host: string, more: Record<string, string> = {}) => loadConfig({ flags: { host, ...more }, env: {} });

describe('what is only for trying out', () => {
  it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('may be used on %s, which only this machine reaches', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(refuseDevelopmentParts(on(host), true)).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '10.0.0.5', '127.0.0.1.example', '1127.0.0.1', 'localhost.example', '::ffff:127.0.0.1', ''])(
    'refuses to start on "%s", which others may reach',
    (host) => {
      expect(isLoopback(host)).toBe(false);
      expect(() => refuseDevelopmentParts(on(host), false)).toThrowError(
        expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('the demo model') }),
      );
    },
  );

  it('names the development keys only when there are any', () => {
    const refusal = (hasKeys: boolean) => {
      try {
        refuseDevelopmentParts(on('0.0.0.0'), hasKeys);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect([refusal(true).includes('development API keys'), refusal(false).includes('development API keys')]).toEqual([true, false]);
  });

  it('is not the certificates, once there are real signers', () => {
    const config = on('0.0.0.0', { 'allow-development': 'true' });
    const signers: typeof config.values.signers = [{ name: 'real', certificates: 'chain.pem', key: 'key.pem' }];
    expect(refuseDevelopmentParts({ ...config, values: { ...config.values, signers } }, false)).toEqual(['the demo model']);
  });

  it('is listed for the log when somebody allowed it', () => {
    expect(refuseDevelopmentParts(on('0.0.0.0', { 'allow-development': 'true' }), true)).toEqual([
      'the development certificate authority',
      'the demo model',
      'development API keys',
    ]);
  });
});
