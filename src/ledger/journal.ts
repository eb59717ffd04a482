import type { Act, CaseRow } from '../storage/act.ts';
import type { Queryable } from '../storage/database.ts';
import { type CasesOpened, writeActs } from '../storage/write-acts.ts';
import { encodeEntry, type LedgerEntry } from './entry.ts';
import { leafHash } from './merkle.ts';

/** Rows that name the leaves of their own entries: hex leaf hashes, in the order of the entries. */
export type RowsWithLeaves = (leafHashes: readonly string[]) => ActRows;

/** What happened, without the two fields that every entry has. */
export type EntryBody = Omit<LedgerEntry, 'v' | 'at'> & { readonly kind: string };

/** The rows of an act, before its ledger entries are encoded. */
export type ActRows = Omit<Act, 'entries'> & {
  /** A case that is there and has become more urgent, as it would be opened now: the clocks that it does not have yet start. Only of `recordIn`. */
  readonly joinedCase?: CaseRow;
};

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
  /** Called in the transaction that opens a case, or makes it more urgent. `submit` has to see to it for the acts that it is given. */
  readonly opened?: CasesOpened;
  readonly now?: () => Date;
}

export function createJournal({ submit, committed, opened, now = () => new Date() }: JournalParts): Journal {
  const encode = (body: EntryBody) => encodeEntry({ ...body, v: 1, at: now().toISOString() });
  const toAct = (rows: ActRows | RowsWithLeaves, [first, ...rest]: readonly [EntryBody, ...EntryBody[]]): Act & ActRows => {
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
      const act = toAct(rows, entries);
      await writeActs(tx, [act]);
      const started = [act.openCase, act.joinedCase].flatMap((one) => one ?? []);
      if (started.length > 0) await opened?.(tx, started);
    },
  };
}
