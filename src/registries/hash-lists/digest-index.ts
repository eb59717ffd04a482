const FREE = 0;

/**
 * Digests of one width with a number for each, in two flat arrays: ten million take half a gigabyte less than strings in a map. Open addressing with
 * linear probing; digests are as good as random, so their first bytes serve as the hash.
 */
export class DigestIndex {
  readonly #width: number;
  #digests: Buffer;
  #tags = new Uint16Array(16);
  /** Position of a digest plus one, or `FREE`. */
  #slots = new Uint32Array(32);
  #count = 0;

  /** @param width bytes of a digest, four or more */
  constructor(width: number) {
    this.#width = width;
    this.#digests = Buffer.alloc(16 * width);
  }

  get size(): number {
    return this.#count;
  }

  /** @param hex as many digits as the width asks for; the same digest may come again with another tag */
  add(hex: string, tag: number): void {
    if (this.#count === this.#tags.length) this.#grow();
    this.#digests.write(hex, this.#count * this.#width, 'hex');
    this.#tags[this.#count] = tag;
    this.#count += 1;
    this.#place(this.#count);
  }

  /** Tags of all digests that are this one, in the order in which they came. */
  find(hex: string): number[] {
    return this.positions(hex).map((position) => this.#tags[position] ?? 0);
  }

  /** Places of all digests that are this one, counted from zero in the order in which they came. */
  positions(hex: string): number[] {
    const wanted = Buffer.from(hex, 'hex');
    if (wanted.length !== this.#width) return [];
    const found: number[] = [];
    for (let slot = this.#slotOf(wanted.readUInt32LE()); this.#slots[slot] !== FREE; slot = this.#next(slot)) {
      const position = (this.#slots[slot] ?? 0) - 1;
      const at = position * this.#width;
      if (wanted.compare(this.#digests, at, at + this.#width) === 0) found.push(position);
    }
    return found;
  }

  #place(entry: number): void {
    let slot = this.#slotOf(this.#digests.readUInt32LE((entry - 1) * this.#width));
    while (this.#slots[slot] !== FREE) slot = this.#next(slot);
    this.#slots[slot] = entry;
  }

  #slotOf(start: number): number {
    return start % this.#slots.length;
  }

  #next(slot: number): number {
    return (slot + 1) % this.#slots.length;
  }

  #grow(): void {
    const digests = Buffer.alloc(this.#digests.length * 2);
    this.#digests.copy(digests);
    this.#digests = digests;
    const tags = new Uint16Array(this.#tags.length * 2);
    tags.set(this.#tags);
    this.#tags = tags;
    this.#slots = new Uint32Array(tags.length * 2);
    for (let entry = 1; entry <= this.#count; entry++) this.#place(entry);
  }
}
