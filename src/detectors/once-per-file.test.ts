import { describe, expect, it } from 'vitest';
import { oncePerFile } from './once-per-file.ts';

const BYTES = Uint8Array.of(1);

function deferred() {
  let resolve: (answer: string) => void = () => {};
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  return { promise, resolve: (answer: string) => resolve(answer) };
}

describe('What is asked of a file', () => {
  it('is worked out once, and told to whoever else asks', async () => {
    let works = 0;
    const ask = oncePerFile(async () => ++works);
    expect(await Promise.all([ask(BYTES), ask(BYTES), ask(Uint8Array.of(1))])).toEqual([1, 1, 2]);
  });

  it('is not worked out when somebody knew it', async () => {
    const ask = oncePerFile<string>(() => Promise.reject(new Error('nobody should ask')));
    ask.remember(BYTES, 'known');
    await expect(ask(BYTES)).resolves.toBe('known');
  });

  it('goes on for the others when one gives up', async () => {
    const { promise, resolve } = deferred();
    const ask = oncePerFile(() => promise);
    const impatient = new AbortController();
    const [first, second] = [ask(BYTES, impatient.signal), ask(BYTES)];
    impatient.abort();
    await expect(first).rejects.toThrow('stopped waiting');
    resolve('answer');
    await expect(second).resolves.toBe('answer');
  });

  it('is worked out anew after a failure, unless it was told meanwhile', async () => {
    let works = 0;
    const ask = oncePerFile(async () => {
      if (works++ === 0) throw new Error('lost');
      return works;
    });
    await expect(ask(BYTES)).rejects.toThrow('lost');
    await expect(ask(BYTES)).resolves.toBe(2);
  });
});
