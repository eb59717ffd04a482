import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameReader, toFrame } from './frames.mjs';

function readerOf(maxBytes = 1_000_000) {
  const messages: unknown[] = [];
  const broken: string[] = [];
  const read = frameReader({ maxBytes, onMessage: (message) => messages.push(message), onBroken: (why) => broken.push(why) });
  return { read, messages, broken };
}

describe('frames between the pool and its children', () => {
  it('arrive whole, in order, however the stream cuts them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (sent, cut) => {
        const stream = Buffer.concat(sent.flatMap((message) => [...toFrame(message)]));
        const { read, messages, broken } = readerOf();
        for (let at = 0; at < stream.length; at += cut) read(stream.subarray(at, at + cut));
        expect(messages).toEqual(structuredClone(sent));
        expect(broken).toEqual([]);
      }),
    );
  });

  it('never throw on arbitrary bytes, and complain once at most', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { read, broken } = readerOf(300);
        read(bytes);
        read(bytes);
        expect(broken.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('are refused by their length before any of their bytes are kept', () => {
    const { read, messages, broken } = readerOf(10);
    read(Buffer.concat([...toFrame('longer than ten bytes')]));
    expect([messages, broken]).toEqual([[], ['answer too large']]);
  });
});
