/** The file ended before the structure that it promised. */
export class TruncatedFile extends Error {
  override readonly name = 'TruncatedFile';
}

/** Bounds-checked reads over untrusted bytes; every read outside throws `TruncatedFile`. */
export class ByteView {
  readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return this.#checked(at, 1).readUInt8(at);
  }

  u16be(at: number): number {
    return this.#checked(at, 2).readUInt16BE(at);
  }

  u16le(at: number): number {
    return this.#checked(at, 2).readUInt16LE(at);
  }

  u24le(at: number): number {
    return this.#checked(at, 3).readUIntLE(at, 3);
  }

  u32be(at: number): number {
    return this.#checked(at, 4).readUInt32BE(at);
  }

  u32le(at: number): number {
    return this.#checked(at, 4).readUInt32LE(at);
  }

  /** `length` bytes as Latin-1. */
  latin1(at: number, length: number): string {
    return this.#checked(at, length).toString('latin1', at, at + length);
  }

  /** A view of part of the same memory. */
  slice(at: number, length: number): Buffer {
    return this.#checked(at, length).subarray(at, at + length);
  }

  /** True when the Latin-1 text stands at `at`; false, not an error, when the file is too short for it. */
  has(at: number, text: string): boolean {
    return at >= 0 && at + text.length <= this.length && this.bytes.toString('latin1', at, at + text.length) === text;
  }

  #checked(at: number, length: number): Buffer {
    if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) throw new TruncatedFile();
    return this.bytes;
  }
}
