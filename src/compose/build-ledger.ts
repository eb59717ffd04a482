import type { Config } from '../config/load-config.ts';
import { createJournal } from '../ledger/journal.ts';
import { noteSigner } from '../ledger/note.ts';
import type { NoteKeyPair } from '../ledger/note-key.ts';
import { createLedgerReader } from '../ledger/reader.ts';
import { createSequencer } from '../ledger/sequencer.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { Database } from '../storage/database.ts';
import { vacuumIfDue } from '../storage/embedded/vacuum.ts';
import { createGroupCommit } from '../storage/group-commit.ts';
import { writeActs } from '../storage/write-acts.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { createWitnessClient } from './witness-client.ts';

interface LedgerParts {
  readonly db: Database;
  readonly keyPair: NoteKeyPair;
  readonly outbound: Outbound;
  readonly telemetry: Telemetry;
}

const VACUUM_EVERY_MS = 60_000;

/** The journal that acts go into, and the sequencer that makes the log of it. Starts at once. */
export function buildLedger({ values }: Config, { db, keyPair, outbound, telemetry }: LedgerParts) {
  const witnesses = values.witnesses.map((witness) => createWitnessClient(witness, outbound));
  const signer = noteSigner(keyPair.signerKey);
  const sequencer = createSequencer({ db, origin: values.ledgerOrigin, signer, witnesses, onError: telemetry.ledgerFailed });
  const commits = createGroupCommit({
    concurrency: db.kind === 'postgres' ? 2 : 1,
    write: (acts: Parameters<typeof writeActs>[1]) => writeActs(db, acts),
  });
  const journal = createJournal({ submit: commits.submit, committed: sequencer.notify });
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
