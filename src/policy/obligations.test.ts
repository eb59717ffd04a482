import { describe, expect, it } from 'vitest';
import { checkPolicy } from './check-policy.ts';
import type { ObligationsEntry } from './document.ts';
import { type Occasion, obligationsOf } from './obligations.ts';
import { CHECKS, policyText } from './policy.fixture.ts';

const labelDue = (
  label: ObligationsEntry['label'],
  occasion: Partial<Occasion> = {},
  more: Partial<Omit<ObligationsEntry, 'watermark'>> = {},
) => obligationsOf({ credential: true, label, watermark: 'preferred', ...more }, { surface: 'app', ...occasion }).label;

describe('a visible label', () => {
  it('is due where its region looks, and where nobody knows who looks', () => {
    const label = { regions: ['EU', 'CN'] };
    expect(labelDue(label)).toBe(true);
    expect(labelDue(label, { readership: {} })).toBe(true);
    for (const region of ['EU', 'DE', 'CN', 'CN-BJ']) expect(labelDue(label, { readership: { regions: ['BR', region] } })).toBe(true);
    expect(labelDue(label, { readership: { regions: ['BR', 'US'] } })).toBe(false);
  });

  it('for a part of a country is due for people of whom only the country is known', () => {
    expect(labelDue({ regions: ['US-CA'] }, { readership: { regions: ['US'] } })).toBe(true);
    expect(labelDue({ regions: ['US-CA'] }, { readership: { regions: ['US-NY'] } })).toBe(false);
  });

  it('can be for an audience, for surfaces, or for all three together', () => {
    expect(labelDue({ audiences: ['minors'] }, { readership: { audience: 'adults' } })).toBe(false);
    expect(labelDue({ audiences: ['minors'] }, { readership: { regions: ['FR'] } })).toBe(true);
    const label = { surfaces: ['app'], regions: ['EU'], audiences: ['general' as const] };
    expect(labelDue(label, { readership: { regions: ['FR'], audience: 'general' } })).toBe(true);
    expect(labelDue(label, { surface: 'api', readership: { regions: ['FR'], audience: 'general' } })).toBe(false);
  });

  it('is drawn for whoever asks for one, and where a disclosure must always be visible', () => {
    expect(labelDue(false, { isLabelWanted: true })).toBe(true);
    const disclosures = { EU: { latent: true, visible: 'always' as const } };
    expect(labelDue(false, { readership: { regions: ['EU'] } }, { disclosures })).toBe(true);
    expect(labelDue(false, { readership: { regions: ['US'] } }, { disclosures })).toBe(false);
  });

  it('looks as the policy says', () => {
    const label = { position: 'top-left' as const, size: 0.1, language: 'de' };
    expect(obligationsOf({ credential: true, label, watermark: 'off' }, { surface: 'app' })).toEqual({
      credential: true,
      label: true,
      labelStyle: label,
      watermark: 'off',
    });
    expect(obligationsOf({ credential: true, label: true, watermark: 'required' }, { surface: 'app' })).toEqual({
      credential: true,
      label: true,
      watermark: 'required',
    });
  });
});

describe('the two disclosures', () => {
  const problems = async (obligations: string) => {
    const text = (await policyText('standard')).replace(/^obligations:[\s\S]*?(?=^\w)/m, `obligations: ${obligations}\n\n`);
    const checked = checkPolicy(text, { knownChecks: CHECKS, now: new Date('2026-11-21') });
    return checked.kind === 'valid' ? [] : checked.problems.map(({ path, message }) => `${path}: ${message}`);
  };

  it.each(['EU', 'US-CA'])('are accepted as a pair in %s, and refused one without the other', async (region) => {
    expect(await problems(`{ disclosures: { ${region}: { latent: true, visible: offered } } }`)).toEqual([]);
    expect(await problems(`{ disclosures: { ${region}: { latent: true, visible: always } } }`)).toEqual([]);
    expect(await problems(`{ disclosures: { ${region}: { latent: true, visible: never } } }`)).toEqual([
      expect.stringContaining('visible label that is at least offered'),
    ]);
    expect(await problems(`{ disclosures: { ${region}: { latent: false, visible: always } } }`)).toEqual([
      expect.stringContaining('machine-readable mark beside the visible label'),
    ]);
  });

  it('may differ where no law ties them', async () => {
    expect(await problems('{ disclosures: { BR: { latent: false, visible: always } } }')).toEqual([]);
  });

  it('cannot be machine-readable in a policy that leaves pictures unsigned', async () => {
    const exception = 'credential: false, unsignedException: { reason: a test, until: 2026-12-01 }';
    expect(await problems(`{ ${exception}, disclosures: { EU: { latent: true, visible: always } } }`)).toEqual([
      expect.stringContaining('needs the signed credential'),
    ]);
  });
});
