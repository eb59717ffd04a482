import type { JobOutcome } from '../workers/worker-pool.ts';

/** The worker pool did not bring an answer: nobody knows what is in the file. The check that needed it has failed. */
export class LostJob extends Error {
  override readonly name = 'LostJob';
  readonly code: 'JOB_THREW' | 'JOB_TIMED_OUT' | 'JOB_CRASHED';

  constructor(kind: Exclude<JobOutcome<unknown>['kind'], 'done'>) {
    super(`the job ${kind}`);
    this.code = CODES[kind];
  }
}

const CODES = { threw: 'JOB_THREW', timed_out: 'JOB_TIMED_OUT', crashed: 'JOB_CRASHED' } as const;
