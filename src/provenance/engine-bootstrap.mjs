/**
 * Entry of the engine thread. It is JavaScript because a TypeScript file cannot be a thread's entry on Node 20, whatever loader the
 * parent has; the loader is registered only when the module is `.ts`.
 */
import { workerData } from 'node:worker_threads';

/** @type {string} */
const entry = workerData.entry;
if (entry.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import(entry);
