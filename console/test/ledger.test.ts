import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts';
import { leafHash as leafThere } from '../../src/ledger/merkle.ts';
import { naiveInclusion, naiveRoot } from '../../src/ledger/naive-tree.fixture.ts';
import { noteSigner, signNote } from '../../src/ledger/note.ts';
import { generateNoteKey } from '../../src/ledger/note-key.ts';
import { isSame, leafHash, rootFrom } from '../src/ledger/merkle-path.ts';
import { isSignedBy, treeHeadOf } from '../src/ledger/signed-note.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const own = (hash: Uint8Array) => Uint8Array.from(hash);

describe('a proof in the browser', () => {
  it('leads to the root of the tree for every entry of every tree, and nowhere for another place, size, entry or hash', async () => {
    const tree = fc.integer({ min: 1, max: 40 }).chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
    await fc.assert(
      fc.asyncProperty(tree, async ([size, at]) => {
        const leaves = Array.from({ length: size }, (_, index) => own(leafThere(bytes(`entry ${index}`))));
        const leaf = await leafHash(bytes(`entry ${at}`));
        const [root, path] = [naiveRoot(leaves), naiveInclusion(at, leaves).map(own)];
        expect(isSame((await rootFrom(leaf, at, size, path)) ?? new Uint8Array(), root)).toBe(true);
        const wrong = await Promise.all([
          rootFrom(own(leafThere(bytes('another'))), at, size, path),
          rootFrom(leaf, size, size, path),
          rootFrom(leaf, at, size, [...path, own(root)]),
          path.length === 0 ? null : rootFrom(leaf, at, size, path.slice(1)),
          path.length === 0 ? null : rootFrom(leaf, at, size, [own(root), ...path.slice(1)]),
        ]);
        for (const one of wrong) expect(one === null || !isSame(one, root)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes the ledger’s own signature, and no other key’s, text’s or signature’s', async () => {
    const { signerKey, verifierKey } = generateNoteKey('gateway.example/log');
    const root = own(leafThere(bytes('root')));
    const note = signNote(formatCheckpoint({ origin: 'gateway.example/log', size: 3, root }), [noteSigner(signerKey)]);
    expect(treeHeadOf(note)).toMatchObject({ origin: 'gateway.example/log', size: 3, root });
    expect(await isSignedBy(note, verifierKey)).toBe('yes');
    expect(await isSignedBy(note.replace('\n3\n', '\n4\n'), verifierKey)).toBe('no');
    expect(await isSignedBy(note, generateNoteKey('gateway.example/log').verifierKey)).toBe('no');
    expect(await isSignedBy(note.split('\n\n')[0] ?? '', verifierKey)).toBe('no');
    for (const bad of ['', 'x', `${verifierKey}A`, verifierKey.replace('+', ' ')]) expect(await isSignedBy(note, bad), bad).toBe('no');
  });

  it('takes nothing for a tree head that is none', () => {
    for (const bad of ['', 'a\n1', 'a\n01\nAAAA', 'a\n1\nAAAA', '\n1\n', `a\n-1\n${'A'.repeat(43)}=`])
      expect(treeHeadOf(bad), bad).toBeNull();
  });
});
