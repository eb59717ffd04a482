import type { Config } from '../config/load-config.ts';
import { createJournal } from '../ledger/journal.ts';
import { noteSigner } from '../ledger/note.ts';
import type { NoteKeyPair } from '../ledger/note-key.ts';
import { createLedgerReader } from '../ledger/reader.ts';
import { createSequencer } from '../ledger/sequencer.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { Act } from '../storage/act.ts';
import type { Database } from '../storage/database.ts';
import { vacuumIfDue } from '../storage/embedded/vacuum.ts';
import { createGroupCommit } from '../storage/group-commit.ts';
import { type CasesOpened, writeActs } from '../storage/write-acts.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createWitnessClient } from './witness-client.ts';

interface LedgerParts {
  readonly db: Database;
  readonly keyPair: NoteKeyPair;
  readonly outbound: Outbound;
  readonly telemetry: Telemetry;
  /** What starts with every case, in its transaction. */
  readonly caseOpened?: CasesOpened;
}

const VACUUM_EVERY_MS = 60_000;

/** The journal that acts go into, and the sequencer that makes the log of it. Starts at once. */
export function buildLedger({ values }: Config, { db, keyPair, outbound, telemetry, caseOpened }: LedgerParts) {
  const witnesses = values.witnesses.map((witness) => createWitnessClient(witness, outbound));
  const signer = noteSigner(keyPair.signerKey);
  const sequencer = createSequencer({ db, origin: values.ledgerOrigin, signer, witnesses, onError: telemetry.ledgerFailed });
  const commits = createGroupCommit({
    concurrency: db.kind === 'postgres' ? 2 : 1,
    write: (acts: readonly Act[]) => writeAll(db, acts, caseOpened),
  });
  const opened = caseOpened === undefined ? {} : { opened: caseOpened };
  const journal = createJournal({ submit: commits.submit, committed: sequencer.notify, ...opened });
  sequencer.start();
  const vacuum = setInterval(() => void vacuumIfDue(db).catch(telemetry.ledgerFailed), VACUUM_EVERY_MS);
  vacuum.unref();
  return {
    journal,
    reader: createLedgerReader(db),
    async stop() {
      clearInterval(vacuum);
      await commits.drain();
      await sequencer.stop();
    },
  };
}

/** One statement; a transaction only where a case is opened and something starts with it. */
async function writeAll(db: Database, acts: readonly Act[], opened: CasesOpened | undefined): Promise<void> {
  const rows = acts.flatMap((act) => act.openCase ?? []);
  if (opened === undefined || rows.length === 0) return writeActs(db, acts);
  await db.transaction(async (tx) => {
    await writeActs(tx, acts);
    await opened(tx, rows);
  });
}
