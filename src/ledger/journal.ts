import type { Act } from '../storage/act.ts';
import type { Queryable } from '../storage/database.ts';
import { appendEntries } from './append.ts';
import { encodeEntry, type LedgerEntry } from './entry.ts';

/** What happened, without the two fields that every entry has. */
export type EntryBody = Omit<LedgerEntry, 'v' | 'at'> & { readonly kind: string };

/** The rows of an act, before its ledger entries are encoded. */
export type ActRows = Omit<Act, 'entries'>;

/**
 * Where acts are written down. Both ways are atomic: when the promise resolves, the rows and the ledger entries are
 * durable; when it rejects, nothing happened.
 */
export interface Journal {
  /** The hot path: acts of many generations share one commit. */
  record(rows: ActRows, entries: readonly [EntryBody, ...EntryBody[]]): Promise<void>;
  /** Entries inside a transaction of the caller's own, for acts that read before they write. */
  append(tx: Queryable, entries: readonly EntryBody[]): Promise<void>;
}

export interface JournalParts {
  /** Group commit over `writeActs`. */
  readonly submit: (act: Act) => Promise<void>;
  /** Called after a commit, so that the sequencer need not wait for its next poll. */
  readonly committed: () => void;
  readonly now?: () => Date;
}

export function createJournal({ submit, committed, now = () => new Date() }: JournalParts): Journal {
  const encode = (body: EntryBody) => encodeEntry({ ...body, v: 1, at: now().toISOString() });
  return {
    async record(rows, [first, ...rest]) {
      await submit({ ...rows, entries: [encode(first), ...rest.map(encode)] });
      committed();
    },
    async append(tx, entries) {
      await appendEntries(tx, entries.map(encode));
      committed();
    },
  };
}
