import { setTimeout as sleep } from 'node:timers/promises';

interface SlowLaneOptions {
  /** Requests that wait at once; each holds its pictures in memory. */
  readonly most: number;
}

/** Where requests wait that policy wants slowed: a timer each, and no worker, connection or turn. */
export interface SlowLane {
  /** False, at once, when too many wait already, or when the process ends meanwhile: whoever asks has to come again. */
  wait(ms: number): Promise<boolean>;
  /** Ends every wait. */
  close(): void;
}

export function createSlowLane({ most }: SlowLaneOptions): SlowLane {
  const end = new AbortController();
  let waiting = 0;
  return {
    async wait(ms) {
      if (waiting >= most || end.signal.aborted) return false;
      waiting++;
      try {
        await sleep(ms, undefined, { signal: end.signal, ref: false });
        return true;
      } catch {
        return false;
      } finally {
        waiting--;
      }
    },
    close: () => end.abort(),
  };
}
