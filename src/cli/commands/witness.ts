import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openMasterKeyFile } from '../../evidence/master-key-file.ts';
import { createWitnessServer } from '../../http/witness-server.ts';
import { cosigner } from '../../ledger/cosignature.ts';
import { noteVerifier } from '../../ledger/note.ts';
import { noteKeyFromSeed, SIGNATURE_TYPES } from '../../ledger/note-key.ts';
import { createWitness } from '../../ledger/witness.ts';
import { createFileWitnessStore } from '../../ledger/witness-store.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';

export const witness: Command = {
  name: 'witness',
  usage: ['imprimatur witness --log-key VERIFIER_KEY [--name NAME] [--listen 127.0.0.1:8788] [--data-dir DIR]'],
  about:
    'Run a witness for somebody else’s ledger: it cosigns a checkpoint only when the log has grown and rewrote nothing. Run it on another machine than the log.',
  async run(args, context) {
    const { options, config } = parseCommandLine(args, context, ['log-key', 'name', 'listen']);
    const logKey = options['log-key'];
    if (logKey === undefined) throw new UsageError('Say which log: --log-key, as its /ledger/key gives it.');
    const [host = '', port = ''] = (options['listen'] ?? '127.0.0.1:8788').split(/:(?=\d+$)/);
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
    const seed = await openMasterKeyFile(join(config.dataDir, 'witness.key'));
    const keys = noteKeyFromSeed(seed, options['name'] ?? 'imprimatur.local/witness', SIGNATURE_TYPES.cosignature);
    const verifier = noteVerifier(logKey);
    const { addCheckpoint } = createWitness({
      signer: cosigner(keys.signerKey),
      logs: new Map([[verifier.name, [verifier]]]),
      store: createFileWitnessStore(join(config.dataDir, 'witness.json')),
    });
    const app = createWitnessServer({ addCheckpoint });
    const url = await app.listen({ host, port: Number(port) });
    context.terminal.out(`Witness for ${verifier.name} on ${url}\nkey: ${keys.verifierKey}`);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await app.close();
    return EXIT.done;
  },
};
