import { mix } from './word-hashes.ts';

/**
 * Counts of anything in a fixed amount of memory (count-min sketch with conservative update, Cormode and Muthukrishnan 2005, Estan and Varghese 2002): never too low, and
 * too high only where every cell of a key is also another's. Old counts fade by `age`, all at once, or by `fade`, a few at a time.
 */
export class CountSketch {
  private readonly cells: Uint32Array;
  private readonly mask: number;
  private readonly depth: number;
  private hand = 0;
  private owed = 0;

  /** `width` cells in each of `depth` rows, 4 bytes each. */
  constructor(width: number, depth: number) {
    this.depth = depth;
    const size = 2 ** Math.ceil(Math.log2(width));
    this.mask = size - 1;
    this.cells = new Uint32Array(size * depth);
  }

  /** Adds one and gives the new count. */
  add(key: number): number {
    const count = this.count(key) + 1;
    for (let row = 0; row < this.depth; row++) {
      const at = this.cellOf(key, row);
      // A cell that is above it counts others too.
      if ((this.cells[at] ?? 0) < count) this.cells[at] = count;
    }
    return count;
  }

  count(key: number): number {
    let least = 0xffffffff;
    for (let row = 0; row < this.depth; row++) {
      const count = this.cells[this.cellOf(key, row)] ?? 0;
      if (count < least) least = count;
    }
    return least;
  }

  /** Every count becomes half of what it was. */
  age(): void {
    const { cells } = this;
    for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] ?? 0) >>> 1;
  }

  /** The same in small steps. @param share of all cells, those next in turn */
  fade(share: number): void {
    const { cells } = this;
    this.owed += share * cells.length;
    for (; this.owed >= 1; this.owed--) {
      cells[this.hand] = (cells[this.hand] ?? 0) >>> 1;
      if (++this.hand === cells.length) this.hand = 0;
    }
  }

  clear(): void {
    this.cells.fill(0);
  }

  get bytes(): number {
    return this.cells.byteLength;
  }

  private cellOf(key: number, row: number): number {
    return row * (this.mask + 1) + (mix(key + Math.imul(row + 1, 0x9e3779b9)) & this.mask);
  }
}
