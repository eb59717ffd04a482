import type { ConversationMemory } from './conversation-memory.ts';

interface SweepParts {
  readonly memory: Pick<ConversationMemory, 'sweep'>;
  readonly everyMs?: number;
  readonly onError: (error: unknown) => void;
}

/** Deletes what is over once a minute, also when nobody asks for pictures any more. `stop` resolves when the last sweep is done. */
export function startSweep({ memory, everyMs = 60_000, onError }: SweepParts): { stop(): Promise<void> } {
  let sweeping: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = memory.sweep(new Date()).catch(onError);
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
