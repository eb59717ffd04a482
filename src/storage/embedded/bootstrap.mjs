/**
 * What starts the engine's worker thread and the child that makes a new cluster. It is JavaScript because a TypeScript
 * file cannot be an entry on Node 20; the loader is registered only when the entry is `.ts` (from source).
 */
import { isMainThread, workerData } from 'node:worker_threads';

const entry = isMainThread ? process.argv[2] : workerData.entry;
if (entry.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import(entry);
