import { createInterface } from 'node:readline';
import { openFileBlobStore } from './file-blob-store.ts';

/**
 * A process to kill: `put-blobs <directory> <bytes>`. It stores blobs `b0`, `b1`, … one after the other until it dies or its input ends, and
 * prints each name when the store says that it is durable, or the error's code.
 */
const [directory = '', length = '0'] = process.argv.slice(2);
const store = await openFileBlobStore({ directory });
let running = true;
createInterface({ input: process.stdin }).on('close', () => {
  running = false;
});
for (let i = 0; running; i++) {
  const bytes = Buffer.alloc(Number(length), i & 0xff);
  const line = await store.put(`b${i}`, bytes).then(
    () => `b${i}`,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown'),
  );
  process.stdout.write(`${line}\n`);
}
