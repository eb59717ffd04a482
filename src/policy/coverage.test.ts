import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../contracts/check.ts';
import { type CoverageRow, coverageOf, gapsOf, type Waiver } from './coverage.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, small } from './policy.fixture.ts';
import { readWaivers, waiverStatement } from './waiver-file.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const known = CHECKS.map((check) => (check.id === 'file-sanity' ? { ...check, coverage: [] } : check));
const rowsOf = (more: string, options: { waivers?: Waiver[]; coverage?: readonly Coverage[] } = {}): CoverageRow[] =>
  coverageOf({
    policy: loadPolicy(small(more), { checks: CHECKS }),
    checks: known.map((check) =>
      check.id === 'prompt-rules' && options.coverage !== undefined ? { ...check, coverage: options.coverage } : check,
    ),
    waivers: options.waivers ?? [],
    now: NOW,
  });
const allGaps = (rows: readonly CoverageRow[]) => gapsOf(rows).map(({ category, looksAt }) => `${category}:${looksAt}`);
/** What these checks leave open of the floors, whatever the policy names. */
const OF_FLOORS = allGaps(rowsOf(''));
const gaps = (rows: readonly CoverageRow[]) => allGaps(rows).filter((gap) => !OF_FLOORS.includes(gap));
const waiver = (more: Partial<Waiver> = {}): Waiver => ({
  category: 'hate',
  looksAt: 'artifact',
  reason: 'We sell wallpaper.',
  by: 'J. Doe',
  until: '2026-12-31',
  ...more,
});

describe('a category that has a floor', () => {
  it('is a gap where nobody looks for it, also when the policy does not name it', () => {
    const places = ['sexual_minors:input_image', 'sexual_minors:artifact', 'ncii_undress:artifact'];
    expect(OF_FLOORS).toEqual([...places, 'unsafe_file:input_image', 'unsafe_file:artifact']);
  });
});

describe('a category that a policy names', () => {
  it('is a gap where nobody looks for it in pictures, by a threshold, by one surface, or by a rule', () => {
    expect(gaps(rowsOf('thresholds: { hate: { hold: 0.5 } }\n'))).toEqual(['hate:input_image', 'hate:artifact']);
    expect(gaps(rowsOf('thresholds: { hate: { surfaces: { chat: { hold: 0.5 } } } }\n'))).toHaveLength(2);
    expect(
      gaps(
        rowsOf(
          'rules:\n  - { id: r, description: R., when: { all: [{ operation: [edit] }, { category: ip, score: 0.4 }] }, action: hold }\n',
        ),
      ),
    ).toEqual(['ip:input_image', 'ip:artifact']);
  });

  it('is none where the policy says nothing of it, or says that nothing happens', () => {
    expect(gaps(rowsOf(''))).toEqual([]);
    expect(gaps(rowsOf('thresholds: { hate: {} }\n'))).toEqual([]);
  });

  it('is none where a detector looks, and a check that says something in passing is none', () => {
    expect(allGaps(rowsOf('thresholds: { known_bad: { block: 0.5 } }\n'))).not.toContain('known_bad:artifact');
    // Words in metadata, of which the check says that they cover nothing.
    expect(allGaps(rowsOf('thresholds: { ncii_undress: { block: 0.5 } }\n'))).toContain('ncii_undress:artifact');
  });

  it('is measured when it is known how much is missed, and false alarms alone do not tell', () => {
    const state = (missed: number | 'unmeasured') =>
      rowsOf('', {
        coverage: [
          { category: 'hate', looksAt: 'prompt', measured: { dataset: 'd', n: 9, error: { missed, falseAlarms: 0 }, on: '2026-11-22' } },
        ],
      }).find(({ category, looksAt }) => category === 'hate' && looksAt === 'prompt')?.state;
    expect([state(0.1), state('unmeasured')]).toEqual(['measured', 'unmeasured']);
  });
});

describe('a waiver', () => {
  const policy = 'thresholds: { hate: { hold: 0.5 } }\n';

  it('answers for the category and kind of picture that it names, until its last day is over', () => {
    expect(gaps(rowsOf(policy, { waivers: [waiver()] }))).toEqual(['hate:input_image']);
    expect(gaps(rowsOf(policy, { waivers: [waiver({ until: '2026-11-22' })] }))).toEqual(['hate:input_image']);
    expect(gaps(rowsOf(policy, { waivers: [waiver({ until: '2026-11-21' })] }))).toHaveLength(2);
  });

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const file = (more: object = {}) =>
    Buffer.from(
      JSON.stringify({
        imprimatur: 'coverage-waiver/v1',
        waivers: [{ categories: ['hate'], looksAt: ['artifact'], reason: 'R.', by: 'B.', until: '2027-01-31', ...more }],
      }),
    );
  const read = (content: Uint8Array, signature: Uint8Array | undefined = sign(null, waiverStatement(content), privateKey)) =>
    readWaivers({ content, signature, publicKeys: [publicKey], now: NOW });

  it('counts when a configured key signed it', () => {
    expect(read(file())).toEqual([{ category: 'hate', looksAt: 'artifact', reason: 'R.', by: 'B.', until: '2027-01-31' }]);
  });

  it('counts for nothing unsigned, changed, signed by another, or with a signature of something else', () => {
    const content = file();
    expect(() => readWaivers({ content, signature: undefined, publicKeys: [publicKey], now: NOW })).toThrow('no signature');
    const signature = sign(null, waiverStatement(content), privateKey);
    expect(() => read(file({ categories: ['hate', 'ip'] }), signature)).toThrow('signature');
    expect(() => read(content, sign(null, waiverStatement(content), generateKeyPairSync('ed25519').privateKey))).toThrow('signature');
    expect(() => read(content, sign(null, content, privateKey))).toThrow('signature');
    expect(() => readWaivers({ content, signature, publicKeys: [], now: NOW })).toThrow('signature');
  });

  it.each<[string, object, string]>([
    ['longer than a year', { until: '2028-01-01' }, 'one year'],
    ['of a category that there is not', { categories: ['rudeness'] }, 'categories'],
    ['of words', { looksAt: ['prompt'] }, 'looksAt'],
    ['without a reason', { reason: ' ' }, 'reason'],
    ['without somebody who answers for it', { by: '' }, 'by'],
    ['with a day that there is not', { until: '2026-02-30' }, 'until'],
  ])('is refused %s', (_, more, why) => {
    expect(() => read(file(more))).toThrow(why);
  });

  it('is refused when it is no waiver at all', () => {
    for (const text of ['', '{', '[]', '\u0000', '{"imprimatur":"coverage-waiver/v1","waivers":[]}'])
      expect(() => read(Buffer.from(text))).toThrow('no waiver');
  });
});
