import { join } from 'node:path';
import { openMasterKeyFile } from '../evidence/master-key-file.ts';
import { noteKeyFromSeed } from '../ledger/note-key.ts';
import { openDevelopmentCa } from '../provenance/development-ca.ts';
import { createLocalSigner } from '../provenance/local-signer.ts';

/** Every key of this gateway, made at the first start, each in its own 0600 file below the data directory. */
export async function openKeys(dataDir: string, ledgerOrigin: string) {
  const file = (name: string) => openMasterKeyFile(join(dataDir, 'keys', name));
  const [master, links, prompt, ledgerSeed] = await Promise.all([
    file('evidence.key'),
    file('links.key'),
    file('prompt.key'),
    file('ledger.key'),
  ]);
  const chain = await openDevelopmentCa({ directory: join(dataDir, 'keys', 'development-ca') });
  return {
    master,
    links,
    prompt,
    ledger: noteKeyFromSeed(ledgerSeed, ledgerOrigin),
    claimSigner: createLocalSigner(chain),
    trustAnchorsPem: chain.rootPem,
  };
}
