import type { Act } from '../storage/act.ts';
import { createJournal, type Journal } from './journal.ts';

export interface RecordingJournal extends Journal {
  readonly acts: readonly Act[];
  /** The ledger entries of all acts so far, decoded. */
  entries(): Record<string, unknown>[];
  /** From now on every commit fails with this. */
  break(error: Error): void;
}

/** The real journal over a commit that only remembers. */
export function recordingJournal(): RecordingJournal {
  const acts: Act[] = [];
  let broken: Error | undefined;
  const journal = createJournal({
    async submit(act) {
      // A commit takes a while: whoever does not wait for it is found out.
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (broken !== undefined) throw broken;
      acts.push(act);
    },
    committed: () => undefined,
  });
  return {
    ...journal,
    acts,
    entries: () => acts.flatMap((act) => act.entries.map((entry) => JSON.parse(Buffer.from(entry).toString()))),
    break(error) {
      broken = error;
    },
  };
}
