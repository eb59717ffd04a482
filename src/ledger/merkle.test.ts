import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompactTree, EMPTY_TREE, extend, leafHash, nodeHash, rootOf, splitHashes } from './merkle.ts';
import { naiveRoot } from './naive-tree.fixture.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// The test entries and roots of the Certificate Transparency reference code (merkle_tree_test): eight leaves of growing length.
const CT_ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const CT_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leaves = (count: number) => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));

describe('the Merkle tree', () => {
  it('gives the roots of the Certificate Transparency test vectors for none to eight leaves', () => {
    const hashes = CT_ENTRIES.map((entry) => leafHash(Buffer.from(entry, 'hex')));
    const roots = CT_ROOTS.map((_, size) => hex(rootOf(extend(EMPTY_TREE, hashes.slice(0, size)))));
    expect(roots).toEqual(CT_ROOTS);
  });

  it('hashes leaves and nodes under different prefixes, so that no entry can pass for a subtree', () => {
    const [left, right] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
    const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex');
    expect(hex(left)).toBe(sha256(Buffer.of(0), Buffer.from('a')));
    expect(hex(nodeHash(left, right))).toBe(sha256(Buffer.of(1), left, right));
    expect(hex(leafHash(Buffer.concat([left, right])))).not.toBe(hex(nodeHash(left, right)));
  });

  it('comes to the same tree however the appends are cut into batches', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 12 }), (batches) => {
        const all = leaves(batches.reduce((a, b) => a + b, 0));
        let tree: CompactTree = EMPTY_TREE;
        for (const batch of batches) tree = extend(tree, all.slice(tree.size, tree.size + batch));
        expect(tree.size).toBe(all.length);
        expect(hex(rootOf(tree))).toBe(hex(naiveRoot(all)));
      }),
    );
  });

  it('emits, for every tile level, the root of each finished subtree in order', () => {
    const all = leaves(600);
    const emitted: string[] = [];
    extend(EMPTY_TREE, all, (level, index, hash) => level === 1 && emitted.push(`${index} ${hex(hash)}`));
    expect(emitted).toEqual([0, 1].map((n) => `${n} ${hex(naiveRoot(all.slice(n * 256, (n + 1) * 256)))}`));
  });

  it('refuses to go on from a frontier that does not fit its size', () => {
    const { frontier } = extend(EMPTY_TREE, leaves(3));
    expect(() => extend({ size: 4, frontier }, leaves(1))).toThrow(/does not fit size 4/);
    expect(() => rootOf({ size: 3, frontier: frontier.subarray(1) })).toThrow(/whole hashes/);
  });

  it('does not touch the tree it extends', () => {
    const tree = extend(EMPTY_TREE, leaves(3));
    const before = hex(tree.frontier);
    extend(tree, leaves(5));
    expect(hex(tree.frontier)).toBe(before);
    expect(splitHashes(tree.frontier)).toHaveLength(2);
  });
});
