import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findPostgres } from '../../../test/postgres/binaries.ts';
import { startCluster } from '../../../test/postgres/cluster.ts';
import { runFixture } from '../../../test/postgres/run-fixture.ts';
import { createEvidenceStore } from '../../evidence/evidence-store.ts';
import { openFileBlobStore } from '../../evidence/file-blob-store.ts';
import { createLocalKeyWrapper } from '../../evidence/local-key-wrapper.ts';
import { createJournal } from '../../ledger/journal.ts';
import { migrate } from '../../storage/migrate.ts';
import { openDatabase } from '../../storage/open-database.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { aConsent } from './faces.fixture.ts';
import { createPeopleRegistry } from './people-registry.ts';

const binaries = findPostgres();
if (binaries.kind === 'missing') console.warn(`skipped: a consent in two processes: ${binaries.reason}`);

it.skipIf(binaries.kind === 'missing')(
  'a consent that one process takes back counts for nothing in the very next look of another',
  async () => {
    const cluster = await startCluster();
    if (cluster === null) throw new Error('the PostgreSQL test server does not run');
    const blobs = await mkdtemp(join(tmpdir(), 'people-'));
    const url = cluster.url(await cluster.createDatabase());
    const db = await openDatabase({ url, dataDir: blobs });
    const other = await runFixture(new URL('./second-process.fixture.ts', import.meta.url), [url, blobs]);
    try {
      await migrate(db);
      const keys = createLocalKeyWrapper({ current: new Uint8Array(32).fill(7) });
      const evidence = createEvidenceStore({ blobs: await openFileBlobStore({ directory: blobs }), keys });
      const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
      const registry = createPeopleRegistry({ db, journal, evidence });
      let asked = 0;
      const there = () => {
        other.process.stdin?.write(`${++asked}\n`);
        return other.line(new RegExp(`^${asked} `));
      };
      expect(await there()).toBe('1 stranger');
      const { id } = await registry.add(aConsent());
      expect(await there()).toBe('2 consented');
      await registry.revoke(id, 'local');
      expect(await there()).toBe('3 no-consent');
      await registry.remove(id, 'local');
      expect(await there()).toBe('4 stranger');
    } finally {
      other.process.stdin?.end();
      await other.ended;
      await db.close();
      await cluster.stop();
      await rm(blobs, { recursive: true, force: true });
    }
  },
  60_000,
);
