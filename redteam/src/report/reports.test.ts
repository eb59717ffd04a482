import { describe, expect, it } from 'vitest';
import type { Attack } from '../attack.ts';
import type { Result } from '../campaign.ts';
import { knownAs } from '../graders/known-failures.ts';
import type { SurfaceRow } from '../graders/surfaces.ts';
import { conclude } from '../run-report.ts';
import { visible } from './html.ts';
import { junit } from './junit.ts';
import { page } from './page.ts';

const facts = { startedAt: new Date(0), tookMs: 1_000, baseUrl: 'http://127.0.0.1:1/v1', chance: 1, available: 9 };
const HOSTILE = 'a <script>alert(1)</script> "purple" \u202eteapot\ud800 \u0000 & more';

function result(verdict: Result['verdict'], more: Partial<Attack> = {}): Result {
  const attack: Attack = {
    id: 'markers/zalgo/table',
    probe: 'markers',
    family: 'marks',
    mutation: 'zalgo',
    text: HOSTILE,
    expect: 'stopped',
    send: async () => ({ kind: 'blocked' }),
    ...more,
  };
  return { attack, verdict, tookMs: 5, answer: verdict === 'firm' ? { kind: 'blocked' } : { kind: 'allowed', pictures: [], dropped: [] } };
}

const known = [{ family: 'marks', mutation: 'zal*', verdict: 'got-through' as const, reason: 'accepted for this test' }];
const row = (outcome: SurfaceRow['outcome']): SurfaceRow => ({
  door: 'moderations',
  family: 'case',
  mutation: 'upper',
  text: HOSTILE,
  answers: { chat: 'flagged', app: outcome === 'same' ? 'flagged' : 'allowed' },
  outcome,
});

describe('the end of a run', () => {
  it('is 1 when something got through, and 0 when that is known', () => {
    expect(conclude(facts, [result('got-through')], null, []).exitCode).toBe(1);
    expect(conclude(facts, [result('got-through')], null, known).exitCode).toBe(0);
  });

  it('is 1 when surfaces differ, even if no attack got through', () => {
    expect(conclude(facts, [result('firm')], [row('differs')], []).exitCode).toBe(1);
  });

  it('is 2 and not 0 when too much could not be told, or nothing was asked', () => {
    expect([conclude(facts, [result('error')], null, []).exitCode, conclude(facts, [], null, []).exitCode]).toEqual([2, 2]);
  });

  it('lets no known failure excuse a false alarm, a crash or a missing rule', () => {
    const verdicts = ['false-alarm', 'broke', 'unproven'] as const;
    expect(verdicts.map((verdict) => knownAs(result(verdict), known))).toEqual([undefined, undefined, undefined]);
  });

  it('names known failures that no longer fail', () => {
    expect(conclude(facts, [result('firm')], null, known).outdated).toEqual(known);
    expect(conclude(facts, [result('got-through')], null, known).outdated).toEqual([]);
  });
});

describe('the page', () => {
  const html = page(conclude(facts, [result('got-through'), result('firm')], [row('differs')], []));

  it('shows what was sent without running it, hiding it or being turned round by it', () => {
    expect(html).not.toContain('<script');
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(html).toContain('>202E<');
    expect(html).toContain('>D800<');
  });

  it('needs nothing from elsewhere', () => {
    expect(html).not.toMatch(/(src|href)="(?!#)/);
    expect(html).not.toMatch(/url\(|@import/);
  });

  it('says how many of how many in the cell of family and probe', () => {
    expect(html).toMatch(/class="hit"[^>]*>1<span class="soft"> of 2</);
  });

  it('counts repeated marks and cuts what is long', () => {
    expect(visible(`a${'\u0301'.repeat(10_000)}b`)).toBe('a<span class="sign">0301×10000</span>b');
    expect(visible('x'.repeat(1_000))).toContain('1,000 characters in all');
  });
});

describe('the JUnit file', () => {
  it('has failures, errors and known failures each under their own name, and nothing that was sent', () => {
    const accepted = result('got-through', { id: 'accepted' });
    const fresh = result('got-through', { id: 'fresh \u0000 & "quoted"', family: 'typos' });
    const text = junit(conclude(facts, [accepted, fresh, result('error'), result('firm')], [row('same')], known));
    expect(text).toContain('<testsuite name="markers" tests="4" failures="1" errors="1" skipped="1">');
    expect(text).toContain('<testsuite name="surfaces" tests="1" failures="0" errors="0" skipped="0">');
    expect(text).toContain('fresh ? &#38; &#34;quoted&#34;');
    expect(text).not.toContain('purple');
  });
});
