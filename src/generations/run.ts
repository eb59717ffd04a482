import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome, Published } from '../contracts/stages.ts';

/** A generation in flight, or one that ended and is answered again. Any number of callers may follow it. */
export interface Run {
  readonly id: GenerationId;
  /** True when this answers an earlier generation again. */
  readonly replayed: boolean;
  /** Rejects only when nothing was recorded, so that the error is the whole truth. */
  readonly outcome: Promise<Outcome>;
  /** What may leave, from the first frame on, in order; ends with the run. */
  frames(): AsyncIterable<Published>;
}

/** Drives the stages whether or not anybody follows; `lost` says how a run that threw ended. */
export function createRun(id: GenerationId, stages: AsyncGenerator<Published, Outcome>, lost: (error: unknown) => Promise<Outcome>): Run {
  const frames: Published[] = [];
  let wake = signal();
  let isOver = false;

  async function drive(): Promise<Outcome> {
    try {
      for (;;) {
        const step = await stages.next();
        if (step.done === true) return step.value;
        frames.push(step.value);
        wake.resolve();
        wake = signal();
      }
    } catch (error) {
      return await lost(error);
    } finally {
      isOver = true;
      wake.resolve();
    }
  }

  const outcome = drive();
  // Followers see the rejection; without one it must not end the process.
  outcome.catch(() => undefined);
  return {
    id,
    replayed: false,
    outcome,
    frames: () =>
      follow(
        frames,
        () => wake.promise,
        () => isOver,
      ),
  };
}

function signal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

async function* follow(frames: readonly Published[], next: () => Promise<void>, isOver: () => boolean): AsyncIterable<Published> {
  for (let i = 0; ; i++) {
    while (i >= frames.length) {
      if (isOver()) return;
      await next();
    }
    const frame = frames[i];
    if (frame !== undefined) yield frame;
  }
}
