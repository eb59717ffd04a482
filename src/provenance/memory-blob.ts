/**
 * A `Blob` over bytes that are in memory already. c2pa-wasm reads its input in the browser's way, through `Blob.slice` and the
 * worker-only `FileReaderSync`, which Node does not have. Slices share the memory.
 */
class MemoryBlob extends Blob {
  readonly content: Uint8Array;

  constructor(content: Uint8Array) {
    super([]);
    this.content = content;
    Object.defineProperty(this, 'size', { value: content.byteLength });
  }

  override slice(start = 0, end = this.content.byteLength): Blob {
    return new MemoryBlob(this.content.subarray(start, end));
  }
}

class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer {
    if (!(blob instanceof MemoryBlob)) throw new TypeError('only blobs made here can be read synchronously');
    return new Uint8Array(blob.content).buffer;
  }
}

/** Gives `globalThis` what c2pa-wasm expects of a browser's worker. Call once, on the engine's own thread. */
export function installFileReaderSync(): void {
  Object.assign(globalThis, { FileReaderSync });
}

export function memoryBlob(bytes: Uint8Array): Blob {
  return new MemoryBlob(bytes);
}
