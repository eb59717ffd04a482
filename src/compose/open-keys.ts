import { join } from 'node:path';
import { openMasterKeyFile } from '../evidence/master-key-file.ts';
import { noteKeyFromSeed } from '../ledger/note-key.ts';

/** Every key of this gateway but those that sign credentials, made at the first start, each in its own 0600 file below the data directory. */
export async function openKeys(dataDir: string, ledgerOrigin: string) {
  const file = (name: string) => openMasterKeyFile(join(dataDir, 'keys', name));
  const [master, links, prompt, ledgerSeed] = await Promise.all([
    file('evidence.key'),
    file('links.key'),
    file('prompt.key'),
    file('ledger.key'),
  ]);
  return {
    master,
    links,
    prompt,
    ledger: noteKeyFromSeed(ledgerSeed, ledgerOrigin),
  };
}
