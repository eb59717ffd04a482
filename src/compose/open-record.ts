import type { Config } from '../config/load-config.ts';
import type { Journal } from '../ledger/journal.ts';
import type { NoteKeyPair } from '../ledger/note-key.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { buildLedger } from './build-ledger.ts';
import type { Closers } from './closers.ts';
import { openClocks } from './open-clocks.ts';

interface RecordingParts {
  readonly db: Database;
  readonly keyPair: NoteKeyPair;
  readonly outbound: Outbound;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
  /** Takes the place of ours. */
  readonly journal: Journal | undefined;
}

/** Where acts are written down, the log that is made of them, and the clocks that start with every case. */
export function openRecord(config: Config, { closers, journal, ...parts }: RecordingParts) {
  const clocks = openClocks(config);
  const ledger = buildLedger(config, { ...parts, caseOpened: clocks.caseOpened });
  closers.add(ledger.stop);
  return { clocks, ledger, journal: journal ?? ledger.journal };
}
