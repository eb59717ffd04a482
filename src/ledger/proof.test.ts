import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from './merkle.ts';
import { naiveConsistency, naiveInclusion, naiveRoot, tilesInMemory } from './naive-tree.fixture.ts';
import { consistencyProof, inclusionProof } from './proof.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString('hex'));
const leaves = (count: number) => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));
const MANY = leaves(1_500);
const tiles = tilesInMemory(MANY);

/** 0 ≤ index < size ≤ 1500, with sizes around tile borders as likely as others. */
const place = fc
  .oneof(fc.integer({ min: 1, max: 1_500 }), fc.constantFrom(255, 256, 257, 511, 512, 513, 1_024, 1_025))
  .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));

describe('a proof', () => {
  it('of inclusion is that of the RFC’s own definition, for every leaf of every tree up to 40', async () => {
    for (let size = 1; size <= 40; size++) {
      const some = MANY.slice(0, size);
      for (let index = 0; index < size; index++) {
        const proof = await inclusionProof(index, size, tiles);
        expect(hex(proof)).toEqual(hex(naiveInclusion(index, some)));
        expect(verifyInclusion({ index, size, leafHash: MANY[index]!, root: naiveRoot(some), proof })).toBe(true);
      }
    }
  });

  it('of consistency is that of the RFC’s own definition, for every pair of trees up to 40', async () => {
    for (let newSize = 1; newSize <= 40; newSize++) {
      const newRoot = naiveRoot(MANY.slice(0, newSize));
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = await consistencyProof(oldSize, newSize, tiles);
        if (oldSize > 0) expect(hex(proof)).toEqual(hex(naiveConsistency(oldSize, MANY.slice(0, newSize))));
        expect(verifyConsistency({ oldSize, oldRoot: naiveRoot(MANY.slice(0, oldSize)), newSize, newRoot, proof })).toBe(true);
      }
    }
  });

  it('holds across tile borders, from one batched read', async () => {
    await fc.assert(
      fc.asyncProperty(place, async ([index, size]) => {
        const some = MANY.slice(0, size);
        const before = tiles.reads;
        const inclusion = await inclusionProof(index, size, tiles);
        expect(tiles.reads).toBe(before + 1);
        expect(hex(inclusion)).toEqual(hex(naiveInclusion(index, some)));
        const consistency = await consistencyProof(index + 1, size, tiles);
        expect(hex(consistency)).toEqual(hex(naiveConsistency(index + 1, some)));
      }),
      { numRuns: 60 },
    );
  });

  it('is refused as soon as any bit of it, of the leaf or of the root is changed, or it is cut or lengthened', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), fc.nat({ max: 255 }), async ([index, size], where, bit) => {
        const proof = await inclusionProof(index, size, tiles);
        const claim = { index, size, leafHash: MANY[index]!, root: naiveRoot(MANY.slice(0, size)), proof };
        const flipped = (hash: Uint8Array) => hash.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: flipped(claim.leafHash) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flipped(claim.root) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, claim.root] })).toBe(false);
        if (proof.length === 0) return;
        const at = where % proof.length;
        expect(verifyInclusion({ ...claim, proof: proof.with(at, flipped(proof[at]!)) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.toSpliced(at, 1) })).toBe(false);
        expect(verifyInclusion({ ...claim, index: (index + 1) % size })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it('cannot make a forked log look like the continuation of the old one', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(), async ([index, size], where) => {
        const oldSize = index + 1;
        const forked = MANY.slice(0, size).with(where % oldSize, leafHash(Buffer.from('rewritten')));
        const proof = await consistencyProof(oldSize, size, tilesInMemory(forked));
        const oldRoot = naiveRoot(MANY.slice(0, oldSize));
        expect(verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: naiveRoot(forked), proof })).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('never throws when verified, whatever a stranger sends', () => {
    const hash = fc.uint8Array({ minLength: 0, maxLength: 40 });
    const number = fc.oneof(fc.integer(), fc.double(), fc.constant(2 ** 53));
    fc.assert(
      fc.property(number, number, hash, hash, fc.array(hash, { maxLength: 5 }), (a, b, h1, h2, proof) => {
        expect(verifyInclusion({ index: a, size: b, leafHash: h1, root: h2, proof })).toBe(false);
        expect(verifyConsistency({ oldSize: a, oldRoot: h1, newSize: b, newRoot: h2, proof })).toBe(false);
      }),
    );
  });

  it('does not hold for a place beyond the tree, not even where the leaf is the whole tree', () => {
    const [leaf] = leaves(1);
    const claim = (index: number) => verifyInclusion({ index, size: 1, leafHash: leaf!, root: leaf!, proof: [] });
    expect([claim(0), claim(1), claim(2)]).toEqual([true, false, false]);
  });

  it('is not made for a leaf or a size that the tree does not have', async () => {
    await expect(inclusionProof(5, 5, tiles)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(consistencyProof(6, 5, tiles)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(inclusionProof(0, 1_501, tiles)).rejects.toMatchObject({ code: 'LEDGER_INVALID' });
  });
});
