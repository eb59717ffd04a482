import { describe, expect, it } from 'vitest';
import { createAppealLinks } from './appeal-links.ts';
import { appealableUntil } from './appeal-window.ts';

describe('the time to appeal', () => {
  it.each([
    ['2026-11-22T10:30:00.000Z', '2027-05-22T10:30:00.000Z'],
    ['2026-08-31T00:00:00.000Z', '2027-02-28T00:00:00.000Z'],
    ['2027-08-29T23:59:59.999Z', '2028-02-29T23:59:59.999Z'],
    ['2026-12-31T12:00:00.000Z', '2027-06-30T12:00:00.000Z'],
  ])('of a decision of %s ends six calendar months later, at %s', (decided, until) => {
    expect(appealableUntil(new Date(decided)).toISOString()).toBe(until);
  });
});

describe('the link of a decision', () => {
  const links = createAppealLinks({ secret: Buffer.alloc(32, 1), baseUrl: () => 'https://gateway.example' });
  const token = new URL(links.pageOf('dec_1')).searchParams.get('token') ?? '';

  it('opens that decision and no other', () => {
    expect(links.isGood('dec_1', token)).toBe(true);
    expect(links.isGood('dec_2', token)).toBe(false);
  });

  it('cannot be guessed, cut or made by another gateway', () => {
    const other = createAppealLinks({ secret: Buffer.alloc(32, 2), baseUrl: () => '' });
    expect([
      other.isGood('dec_1', token),
      links.isGood('dec_1', token.slice(0, -2)),
      links.isGood('dec_1', ''),
      links.isGood('dec_1', '💥'),
    ]).toEqual([false, false, false, false]);
  });
});
