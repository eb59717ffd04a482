import { createInterface } from 'node:readline';
import { createEvidenceStore } from '../../evidence/evidence-store.ts';
import { openFileBlobStore } from '../../evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from '../../evidence/local-key-wrapper.ts';
import { createJournal } from '../../ledger/journal.ts';
import { openDatabase } from '../../storage/open-database.ts';
import { faceOf } from './faces.fixture.ts';
import { lookAlikes } from './people-index.ts';
import { createPeopleRegistry } from './people-registry.ts';
import { standingOf } from './standing.ts';

/** Says how the first face stands, each time a line comes: a gateway's process beside the one that changes the register. */
const [url = '', blobs = ''] = process.argv.slice(2);
const db = await openDatabase({ url, dataDir: blobs });
const keys = createLocalKeyWrapper({ current: new Uint8Array(32).fill(7) });
const evidence = createEvidenceStore({ blobs: await openFileBlobStore({ directory: blobs }), keys });
const journal = createJournal({ submit: () => Promise.reject(new Error('it only reads')), committed: () => undefined });
const registry = createPeopleRegistry({ db, journal, evidence });
const occasion = { operation: 'edit' as const, surface: 'api', application: undefined, regions: undefined };
for await (const line of createInterface({ input: process.stdin })) {
  const [found] = lookAlikes(await registry.current(), faceOf(1), 0.48);
  console.log(`${line} ${found === undefined ? 'stranger' : standingOf(found.person.entries, { ...occasion, at: new Date() })}`);
}
await db.close();
