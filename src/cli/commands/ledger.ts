import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundlesOf, tilePath, tilesOf } from '../../ledger/tile.ts';
import { verifyLog } from '../../ledger/verify-log.ts';
import { type Command, type CommandContext, DeclinedError, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { type GatewayClient, withGateway } from '../gateway-client.ts';
import { progressBar } from '../progress.ts';

export const ledger: Command = {
  name: 'ledger',
  usage: [
    'imprimatur ledger verify [--since OLD_CHECKPOINT_FILE] [--key VERIFIER_KEY] [--json]',
    'imprimatur ledger checkpoint',
    'imprimatur ledger proof ARTIFACT_ID',
    'imprimatur ledger export DIR [--json]',
  ],
  about:
    'The tamper-evident log. "verify" recomputes all of it from its entries; keep a checkpoint and give it as --since to see that nothing was rewritten.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['since', 'key']);
    const [action, argument] = parsed.positionals;
    return withGateway(parsed.config, async (client) => {
      if (action === 'verify') return await verify(client, parsed, context);
      if (action === 'checkpoint') return await show(client, '/ledger/checkpoint', context);
      if (action === 'proof' && argument !== undefined) return await show(client, `/ledger/proof/${encodeURIComponent(argument)}`, context);
      if (action === 'export' && argument !== undefined) return await exportTo(argument, client, parsed, context);
      throw new UsageError('Say verify, checkpoint, proof or export.');
    });
  },
};

async function verify(client: GatewayClient, { options, json }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  const key = options['key'] ?? (await read(client, '/ledger/key')).toString().trim();
  const since = options['since'] === undefined ? undefined : await readFile(options['since'], 'utf8');
  const bar = progressBar('Verifying', terminal);
  const result = await verifyLog({
    fetch: (path) => read(client, `/ledger/${path}`),
    verifierKeys: [key],
    ...(since === undefined ? {} : { since }),
    onProgress: ({ verified, size }) => bar.update(verified, size),
  });
  bar.end();
  if (json) terminal.out(JSON.stringify(result));
  else if (result.ok)
    terminal.out(
      `The ledger is whole: ${result.size} entries, root ${result.root}${since === undefined ? '' : ', and it extends the earlier checkpoint'}.`,
    );
  else terminal.out(`THE LEDGER DOES NOT VERIFY:\n${result.problems.map((one) => `  ${JSON.stringify(one)}`).join('\n')}`);
  return result.ok ? EXIT.done : EXIT.no;
}

async function show(client: GatewayClient, path: string, { terminal }: CommandContext): Promise<number> {
  terminal.out((await read(client, path)).toString().trimEnd());
  return EXIT.done;
}

async function exportTo(dir: string, client: GatewayClient, { json }: ParsedArgs, { terminal }: CommandContext): Promise<number> {
  const checkpoint = (await read(client, '/ledger/checkpoint')).toString();
  const size = Number(checkpoint.split('\n')[1]);
  const files = [...tilesOf(size), ...bundlesOf(size)].map(tilePath);
  const bar = progressBar('Exporting', terminal);
  for (const [i, path] of files.entries()) {
    await save(join(dir, path), await read(client, `/ledger/${path}`));
    bar.update(i + 1, files.length);
  }
  bar.end();
  await save(join(dir, 'key'), await read(client, '/ledger/key'));
  // Last, so that a broken-off export has no checkpoint that promises files which are not there.
  await save(join(dir, 'checkpoint'), Buffer.from(checkpoint));
  terminal.out(json ? JSON.stringify({ dir, size, files: files.length + 2 }) : `${size} entries in ${files.length + 2} files in ${dir}.`);
  return EXIT.done;
}

async function save(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

async function read(client: GatewayClient, path: string): Promise<Buffer> {
  const { status, body } = await client.request('GET', path);
  if (status === 200) return body;
  throw new DeclinedError(`${path} is not there (${status}).`);
}
