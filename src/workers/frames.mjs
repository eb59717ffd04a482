import { deserialize, serialize } from 'node:v8';

/**
 * Messages between the pool and its children: four bytes of length (little-endian), then that many bytes in V8's
 * structured-clone format. Node's own channel (`serialization: 'advanced'`) is not used: there, 16 bytes of garbage
 * from a child are an uncaught exception in the parent, and a length of 2 GB makes the parent buffer until it is out
 * of memory (both reproduced on Node 20.20). The child opens hostile files, so its answers are hostile too.
 *
 * Plain JavaScript because the bootstrap must run before any TypeScript loader is registered.
 */

const HEADER_BYTES = 4;

/**
 * @param {unknown} message structured-cloneable
 * @returns {readonly [header: Buffer, body: Buffer]}
 * @throws {Error} when the message holds something that cannot be cloned (a function, a socket)
 */
export function toFrame(message) {
  const body = serialize(message);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(body.length);
  return [header, body];
}

/**
 * A reader for one stream. After `onBroken` it ignores everything that follows. Views in a message share the memory
 * of its frame: one copy from socket to user.
 *
 * @param {{ maxBytes: number, onMessage: (message: unknown) => void, onBroken: (why: 'garbled answer' | 'answer too large') => void }} options
 * @returns {(chunk: Uint8Array) => void}
 */
export function frameReader({ maxBytes, onMessage, onBroken }) {
  let header = Buffer.alloc(HEADER_BYTES);
  /** @type {Buffer | undefined} */
  let body;
  let filled = 0;
  let broken = false;

  /** @param {'garbled answer' | 'answer too large'} why */
  const fail = (why) => {
    broken = true;
    body = undefined;
    onBroken(why);
  };
  const finishHeader = () => {
    const length = header.readUInt32LE();
    header = Buffer.alloc(HEADER_BYTES);
    filled = 0;
    if (length > maxBytes) fail('answer too large');
    else if (length === 0) fail('garbled answer');
    else body = Buffer.allocUnsafeSlow(length);
  };
  /** @param {Buffer} frame */
  const finishBody = (frame) => {
    body = undefined;
    filled = 0;
    /** @type {unknown} */
    let message;
    try {
      message = deserialize(frame);
    } catch {
      fail('garbled answer');
      return;
    }
    onMessage(message);
  };

  return (chunk) => {
    for (let read = 0; read < chunk.length && !broken; ) {
      const target = body ?? header;
      const part = chunk.subarray(read, read + target.length - filled);
      target.set(part, filled);
      filled += part.length;
      read += part.length;
      if (filled < target.length) return;
      if (body) finishBody(body);
      else finishHeader();
    }
  };
}
