import type { WorkerPool } from '../../workers/worker-pool.ts';
import { checkNetworks } from './check-networks.ts';

/** A pool whose jobs ask the networks. */
export interface CheckedPool {
  readonly pool: WorkerPool;
  /** Reads the networks now, if nobody has. @throws ImprimaturError DETECTOR_MODEL_ALTERED */
  check(): Promise<void>;
}

/**
 * Lets no job begin before the networks were compared with their pinned hashes, once; a command that looks at no picture reads none of them. Where one
 * is missing or another, every job has thrown, so what asked it could not tell.
 */
export function checkedPool(pool: WorkerPool, checkOnce: () => Promise<void> = checkNetworks): CheckedPool {
  let checked: Promise<void> | undefined;
  const check = () => {
    checked ??= checkOnce();
    return checked;
  };
  const run: WorkerPool['run'] = (job, signal) =>
    check().then(
      () => pool.run(job, signal),
      () => ({ kind: 'threw', message: 'A neural network is missing or altered.' }),
    );
  return { pool: { run, close: () => pool.close() }, check };
}
