import type { Act } from '../storage/act.ts';
import type { Queryable } from '../storage/database.ts';
import { writeActs } from '../storage/write-acts.ts';
import { encodeEntry, type LedgerEntry } from './entry.ts';
import { leafHash } from './merkle.ts';

/** Rows that name the leaves of their own entries: hex leaf hashes, in the order of the entries. */
export type RowsWithLeaves = (leafHashes: readonly string[]) => ActRows;

/** What happened, without the two fields that every entry has. */
export type EntryBody = Omit<LedgerEntry, 'v' | 'at'> & { readonly kind: string };

/** The rows of an act, before its ledger entries are encoded. */
export type ActRows = Omit<Act, 'entries'>;

/**
 * Where acts are written down. Both ways are atomic: the rows and the ledger entries are durable when the promise resolves, and
 * there is never one without the other. When it rejects nothing happened, unless the code is STORAGE_UNAVAILABLE: then the
 * connection may have died after the commit.
 */
export interface Journal {
  /** The hot path: acts of many generations share one commit. */
  record(rows: ActRows | RowsWithLeaves, entries: readonly [EntryBody, ...EntryBody[]]): Promise<void>;
  /** The same inside a transaction of the caller's own, for acts that read before they write. Durable when that commits. */
  recordIn(tx: Queryable, rows: ActRows | RowsWithLeaves, entries: readonly [EntryBody, ...EntryBody[]]): Promise<void>;
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
  const toAct = (rows: ActRows | RowsWithLeaves, [first, ...rest]: readonly [EntryBody, ...EntryBody[]]): Act => {
    const entries: Act['entries'] = [encode(first), ...rest.map(encode)];
    const known = typeof rows === 'function' ? rows(entries.map((entry) => Buffer.from(leafHash(entry)).toString('hex'))) : rows;
    return { ...known, entries };
  };
  return {
    async record(rows, entries) {
      await submit(toAct(rows, entries));
      committed();
    },
    async recordIn(tx, rows, entries) {
      await writeActs(tx, [toAct(rows, entries)]);
    },
  };
}
