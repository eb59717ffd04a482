import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { LIST_FORMATS } from '../../registries/hash-lists/list-format.ts';
import { codeOf } from '../collect-files.ts';
import { type Command, type CommandContext, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { agreed, askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const OWN = ['name', 'format', 'on-bad-row', 'category', 'signature', 'out'];
const counts = z.object({ pdq: z.number(), sha256: z.number(), md5: z.number() });
const hashList = z.looseObject({
  name: z.string(),
  source: z.string(),
  counts,
  digest: z.string().default(''),
  is_signed: z.boolean().default(false),
});
const imported = hashList.extend({ skipped: z.number(), ignored: z.number() });

type Options = ParsedArgs['options'];

export const lists: Command = {
  name: 'lists',
  usage: [
    `imprimatur lists import FILE --name NAME [--format ${LIST_FORMATS.join('|')}] [--on-bad-row reject|skip] [--category C] [--signature FILE.sig] [--json]`,
    `imprimatur lists export NAME [--format ${LIST_FORMATS.join('|')}] [--out FILE]`,
    'imprimatur lists list [--json]',
    'imprimatur lists remove NAME [--json]',
  ],
  about:
    'Lists of known content (PDQ, SHA-256, MD5), also in the forms of ThreatExchange, StopNCII and NCMEC. A change is in force at once and stands in the ledger; bad rows are named by line, and nothing is taken unless you say --on-bad-row skip.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, OWN);
    return withGateway(parsed.config, async (client) => {
      await act(client, parsed, context);
      return EXIT.done;
    });
  },
};

interface Wish {
  readonly client: GatewayClient;
  /** The list, or the file. */
  readonly subject: string;
  readonly options: Options;
  readonly json: boolean;
  readonly out: (text: string) => void;
}

const ACTIONS: Readonly<Record<string, (wish: Wish) => Promise<void>>> = { import: importList, export: exportList, remove: removeList };

async function act(client: GatewayClient, { positionals, json, options }: ParsedArgs, { terminal: { out } }: CommandContext) {
  const [action = '', subject] = positionals;
  if (action === 'list') {
    const { data } = z.object({ data: z.array(hashList) }).parse(await askJson(client, 'GET', '/v1/hash-lists'));
    out(json ? JSON.stringify(data) : table(['list', 'from', 'PDQ', 'SHA-256', 'MD5', 'signed', 'digest'], data.map(rowOf)));
    return;
  }
  const run = ACTIONS[action];
  if (run === undefined || subject === undefined) throw new UsageError('Say import, export, list or remove.');
  await run({ client, subject, options, json, out });
}

async function importList({ client, subject, options, json, out }: Wish) {
  const answer = await importFile(client, subject, options);
  out(json ? JSON.stringify(answer) : told(answer));
}

async function exportList({ client, subject, options: { format = 'csv', out: path }, out }: Wish) {
  const bytes = agreed(await client.request('GET', `${pathOf(subject)}/rows?${new URLSearchParams({ format })}`));
  if (path === undefined) out(bytes.toString().trimEnd());
  else await writeFile(path, bytes, { mode: 0o600 });
}

async function removeList({ client, subject, json, out }: Wish) {
  const answer = await askJson(client, 'DELETE', pathOf(subject));
  out(json ? JSON.stringify(answer) : `${subject} is removed.`);
}

async function importFile(client: GatewayClient, path: string, { name, format, signature, category, ...options }: Options) {
  if (name === undefined) throw new UsageError('Say what the list is called: --name NAME.');
  await stat(path).catch((error: unknown) => {
    throw new UsageError(`${path}: ${codeOf(error)}`);
  });
  const query = new URLSearchParams({ format: format ?? 'csv', on_bad_row: options['on-bad-row'] ?? 'reject' });
  if (category !== undefined) query.set('category', category);
  if (signature !== undefined) query.set('signature', await signatureIn(signature));
  const body = { type: 'application/octet-stream', bytes: createReadStream(path) };
  return imported.parse(JSON.parse(agreed(await client.request('POST', `${pathOf(name)}?${query}`, body)).toString()));
}

/** 64 bytes, or their base64. */
async function signatureIn(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path}: ${codeOf(error)}`);
  });
  return bytes.length === 64 ? bytes.toString('base64') : bytes.toString('latin1').trim();
}

function pathOf(name: string): string {
  return `/v1/hash-lists/${encodeURIComponent(name)}`;
}

function rowOf({ name, source, counts: { pdq, sha256, md5 }, is_signed, digest }: z.output<typeof hashList>): readonly string[] {
  return [name, source, String(pdq), String(sha256), String(md5), is_signed ? 'yes' : 'no', digest.slice(0, 'sha256:'.length + 16)];
}

function told({ name, counts: { pdq, sha256, md5 }, digest, skipped, ignored }: z.output<typeof imported>): string {
  const left = [
    ...(skipped > 0 ? [`${skipped} bad rows were left out`] : []),
    ...(ignored > 0 ? [`${ignored} records were no hash of a picture, or withdrawn`] : []),
  ];
  return [`${name} is in force: ${pdq} PDQ, ${sha256} SHA-256, ${md5} MD5 (${digest}).`, ...left.map((one) => `  ${one}`)].join('\n');
}
