import { describe, expect, it } from 'vitest';
import { fuzzUploads } from './mutated-uploads.fixture.ts';
import { historyOf } from './provenance/foreign/credential-history.ts';
import { readCredential } from './provenance/read-credential.ts';

describe('files made to break whoever asks about them', () => {
  it('300 of them: each gets an answer, in bounded time, and no address in them is asked', async () => {
    const result = await fuzzUploads(300, 7);
    expect(result.threw).toEqual([]);
    expect(result.outgoingRequests).toBe(0);
    expect(result.slowestMs).toBeLessThan(11_000);
    expect(Object.values(result.verdicts).reduce((sum, n) => sum + n, 0)).toBe(300);
    expect(result.situations['camera-signed'] ?? 0).toBe(0);
  });
});

describe('a history that its signer made up', () => {
  const manifest = (...parents: string[]) => ({
    title: 'a',
    ingredients: parents.map((active_manifest) => ({ title: 'x', active_manifest, relationship: 'parentOf' })),
  });

  it('in a circle ends where it comes back to itself', () => {
    const tree = historyOf({ a: manifest('b'), b: manifest('a') }, 'a', []);
    expect(tree.inputs[0]?.inputs[0]).toMatchObject({ inputs: [] });
  });

  it('that branches without end is cut at sixty-four steps', () => {
    const names = Array.from({ length: 12 }, (_, i) => `m${i}`);
    const manifests = Object.fromEntries(names.map((name, i) => [name, manifest(...names.slice(i + 1))]));
    const size = (step: ReturnType<typeof historyOf>): number => 1 + step.inputs.reduce((sum, input) => sum + size(input), 0);
    expect(size(historyOf(manifests, 'm0', []))).toBe(64);
  });

  it('of no known shape is no history, and never an error', () => {
    for (const odd of [null, 7, 'x', [], { ingredients: 7, assertions: [{}], claim_generator_info: 'x' }]) {
      expect(historyOf({ a: odd }, 'a', []).inputs).toEqual([]);
    }
    expect(readCredential('{"active_manifest":"a","manifests":{},"validation_state":"Trusted"}').state).toBe('unreadable');
  });

  it('shows a broken parent as broken, and one by an unknown signer as intact', () => {
    const parent = (code: string) => ({
      ingredients: [{ title: 'p', active_manifest: 'p', validation_results: { activeManifest: { failure: [{ code }] } } }],
    });
    expect(historyOf({ a: parent('assertion.dataHash.mismatch'), p: {} }, 'a', []).inputs[0]).toMatchObject({ state: 'broken' });
    expect(historyOf({ a: parent('signingCredential.untrusted'), p: {} }, 'a', []).inputs[0]).toMatchObject({ state: 'intact' });
  });
});
