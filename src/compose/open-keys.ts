import { join } from 'node:path';
import { openMasterKeyFile } from '../evidence/master-key-file.ts';
import { noteKeyFromSeed } from '../ledger/note-key.ts';
import { markKeyPath, openMarkKeys, readMarkKeys } from './open-mark-keys.ts';

interface KeySettings {
  readonly dataDir: string;
  readonly ledgerOrigin: string;
  /** Path of a file of watermark keys that is the operator's own. */
  readonly watermarkKeys?: string | undefined;
}

/** Every key of this gateway but those that sign credentials, made at the first start, each in its own 0600 file below the data directory. */
export async function openKeys({ dataDir, ledgerOrigin, watermarkKeys }: KeySettings) {
  const file = (name: string) => openMasterKeyFile(join(dataDir, 'keys', name));
  const [master, links, prompt, ledgerSeed, marks] = await Promise.all([
    file('evidence.key'),
    file('links.key'),
    file('prompt.key'),
    file('ledger.key'),
    // A path with a typing error must not make another key.
    watermarkKeys === undefined ? openMarkKeys(markKeyPath(dataDir)) : readMarkKeys(watermarkKeys),
  ]);
  return {
    master,
    links,
    prompt,
    marks,
    ledger: noteKeyFromSeed(ledgerSeed, ledgerOrigin),
  };
}
