import { describe, expect, it } from 'vitest';
import { TILE_WIDTH, type TileRef } from './tile.ts';
import { cacheTiles } from './tile-cache.ts';

const full = (n: number): TileRef => ({ level: 0, n, width: TILE_WIDTH });

/** Tiles whose every byte is their number; counts what it is asked for. */
function source() {
  const asked: TileRef[] = [];
  return {
    asked,
    readTiles: async (refs: readonly TileRef[]) => {
      asked.push(...refs);
      return refs.map(({ n, width }) => new Uint8Array(width * 32).fill(n));
    },
  };
}

describe('the memory of tiles', () => {
  it('asks for a full tile once, and answers in the order of the question', async () => {
    const tiles = source();
    const cached = cacheTiles(tiles);
    await cached.readTiles([full(1), full(2)]);
    const [third, first, second] = await cached.readTiles([full(3), full(1), full(2)]);
    expect([third?.[0], first?.[0], second?.[0]]).toEqual([3, 1, 2]);
    expect(tiles.asked).toEqual([full(1), full(2), full(3)]);
  });

  it('asks again for a tile that still grows', async () => {
    const tiles = source();
    const cached = cacheTiles(tiles);
    for (const width of [7, 7, 8]) expect((await cached.readTiles([{ level: 0, n: 5, width }]))[0]).toHaveLength(width * 32);
    expect(tiles.asked).toHaveLength(3);
  });

  it('forgets the tile that nobody asked for the longest, and only when it is full', async () => {
    const tiles = source();
    const cached = cacheTiles(tiles, 2);
    for (const n of [1, 2, 1, 3, 1, 2]) await cached.readTiles([full(n)]);
    expect(tiles.asked.map(({ n }) => n)).toEqual([1, 2, 3, 2]);
  });

  it('remembers nothing of a question that failed', async () => {
    const tiles = source();
    let isBroken = true;
    const cached = cacheTiles({ readTiles: (refs) => (isBroken ? Promise.reject(new Error('gone')) : tiles.readTiles(refs)) });
    await expect(cached.readTiles([full(4)])).rejects.toThrow('gone');
    isBroken = false;
    expect((await cached.readTiles([full(4)]))[0]?.[0]).toBe(4);
  });
});
