import { describe, expect, it } from 'vitest';
import { createRateBound } from './rate-bound.ts';

const outcome = (bound: ReturnType<typeof createRateBound>, ip: string | undefined) =>
  bound({ ip }).then(
    () => 'let in',
    (error: { code: string; retryAfterMs: number }) => [error.code, error.retryAfterMs],
  );

describe('a bound on the rate', () => {
  it('lets a burst in, then as many as the seconds bring, and says how long to wait', async () => {
    let now = 0;
    const bound = createRateBound({ perSecond: 2, burst: 3, now: () => now });
    for (let i = 0; i < 3; i++) expect(await outcome(bound, 'a')).toBe('let in');
    expect(await outcome(bound, 'a')).toEqual(['RATE_LIMITED', 500]);
    expect(await outcome(bound, 'b')).toBe('let in');
    now += 500;
    expect(await outcome(bound, 'a')).toBe('let in');
    expect(await outcome(bound, 'a')).toEqual(['RATE_LIMITED', 500]);
    now += 3_600_000;
    for (let i = 0; i < 3; i++) expect(await outcome(bound, 'a')).toBe('let in');
    expect(await outcome(bound, 'a')).toEqual(['RATE_LIMITED', 500]);
  });

  it('takes all addresses that one customer can make up for one', async () => {
    const bound = createRateBound({ perSecond: 1, burst: 1, now: () => 0 });
    expect(await outcome(bound, '2001:db8:1:2::1')).toBe('let in');
    for (const ip of ['2001:db8:1:2::2', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:3::'])
      expect(await outcome(bound, ip)).toEqual(['RATE_LIMITED', 1000]);
    for (const ip of ['2001:db8:1:3::1', '2001:db8::1:2:3:4', '::1', '::ffff:192.0.2.1', '192.0.2.2'])
      expect(await outcome(bound, ip)).toBe('let in');
    expect(await outcome(bound, '192.0.2.1')).toEqual(['RATE_LIMITED', 1000]);
  });

  it('does not bind the machine itself, which asks over the control socket', async () => {
    const bound = createRateBound({ perSecond: 1, burst: 1, now: () => 0 });
    for (let i = 0; i < 10; i++) expect(await outcome(bound, undefined)).toBe('let in');
  });

  it('forgets the addresses that were silent the longest when a stranger makes up many', async () => {
    const bound = createRateBound({ perSecond: 1, burst: 1, now: () => 0 });
    await outcome(bound, 'first');
    for (let i = 0; i < 10_000; i++) await outcome(bound, `made-up-${i}`);
    expect(await outcome(bound, 'made-up-9999')).toEqual(['RATE_LIMITED', 1000]);
    expect(await outcome(bound, 'first')).toBe('let in');
  });
});
