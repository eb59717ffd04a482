/** Why a process of the pool ended. `worn_out`: it had run its number of jobs or grown too large, and was replaced. */
export type WorkerEnd = 'timed_out' | 'memory_limit' | 'aborted' | 'garbled' | 'worn_out' | 'died' | 'closed';

/** What a pool tells its operator; it never carries content. */
export type PoolEvent =
  | { readonly kind: 'worker_started'; readonly pid: number }
  | { readonly kind: 'worker_ended'; readonly pid: number; readonly why: WorkerEnd }
  | { readonly kind: 'queue_full' };
