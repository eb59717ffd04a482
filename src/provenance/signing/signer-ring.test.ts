import { describe, expect, it } from 'vitest';
import { testPki } from '../pki.fixture.ts';
import { coveredUntil, dueAlarms } from './expiry-alarm.ts';
import { createSignerRing, type WindowedSigner, windowOf } from './signer-ring.ts';

const { signer, rootPem } = await testPki();
const day = (n: number) => new Date(Date.UTC(2027, 0, 1 + n));
const named = (name: string, from: number, until: number): WindowedSigner => ({ name, signer, from: day(from), until: day(until) });
const ring = (signers: readonly WindowedSigner[], now: Date) => createSignerRing({ signers, trustAnchorsPem: rootPem }, () => now);

describe('signers that follow each other', () => {
  const old = named('old', 0, 100);
  const young = named('young', 90, 200);

  it('hand over when the new one begins, whatever their order in the file', () => {
    for (const both of [
      [old, young],
      [young, old],
    ]) {
      expect(ring(both, day(50)).nameOfCurrent()).toBe('old');
      expect(ring(both, day(89)).nameOfCurrent()).toBe('old');
      expect(ring(both, day(90)).nameOfCurrent()).toBe('young');
      expect(ring(both, day(150)).nameOfCurrent()).toBe('young');
    }
  });

  it('fall back to the older one when the new one was taken away, and sign nothing when nobody may', () => {
    const rotating = ring([old, young], day(95));
    rotating.replace({ signers: [old], trustAnchorsPem: rootPem });
    expect(rotating.nameOfCurrent()).toBe('old');
    expect(rotating.current().alg).toBe('es256');
    rotating.replace({ signers: [], trustAnchorsPem: rootPem });
    expect(() => rotating.current()).toThrow(expect.objectContaining({ code: 'PUBLISH_FAILED' }));
    expect(() => ring([old], day(100)).current()).toThrow(/No signer may sign now/);
  });

  it('never sign outside the validity of the certificates, whatever the operator wrote', () => {
    const wide = windowOf(signer, { from: new Date(0), until: day(10_000) });
    expect(wide).toEqual(windowOf(signer));
    const narrow = windowOf(signer, { from: new Date(Date.now() + 1000), until: new Date(Date.now() + 2000) });
    expect(narrow.until.getTime() - narrow.from.getTime()).toBeLessThan(1100);
  });
});

describe('the alarm before a signer stops', () => {
  it('goes off 30, 7 and 1 days before and at the end, once each, and says who follows', () => {
    const told = new Set<string>();
    const signers = [named('old', 0, 100), named('young', 95, 300)];
    const due = (n: number) => dueAlarms(signers, day(n), told).map(({ signer: name, days, successor }) => [name, days, successor]);
    expect(due(60)).toEqual([]);
    expect(due(71)).toEqual([['old', 30, 'young']]);
    expect(due(72)).toEqual([]);
    expect(due(94)).toEqual([['old', 7, 'young']]);
    expect(due(99)).toEqual([['old', 1, 'young']]);
    expect(due(101)).toEqual([['old', 0, 'young']]);
    expect(due(299.5)).toEqual([['young', 1, null]]);
  });

  it('counts how long credentials can be signed without a gap', () => {
    expect(coveredUntil([named('a', 0, 10), named('b', 8, 20), named('c', 30, 40)], day(5))).toEqual(day(20));
    expect(coveredUntil([named('c', 30, 40)], day(5))).toEqual(day(5));
  });
});
