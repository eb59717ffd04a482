import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { type Command, DeclinedError, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { connectGateway, type GatewayClient, messageOf } from '../gateway-client.ts';

const report = z.looseObject({
  verdict: z.enum(['ours-intact', 'ours-altered', 'foreign', 'none']),
  sha256: z.string(),
  c2pa: z.looseObject({
    state: z.string(),
    codes: z.array(z.string()),
    signer: z.looseObject({ organization: z.string().nullable() }).nullable(),
  }),
  record: z
    .looseObject({
      artifact_id: z.string(),
      generation_id: z.string(),
      published_at: z.string(),
      model: z.string(),
      surface: z.string(),
      decision_id: z.string().nullable(),
      policy: z.string().nullable(),
    })
    .nullable(),
});
type Report = z.output<typeof report>;

export const verify: Command = {
  name: 'verify',
  usage: ['imprimatur verify FILE… [--json]'],
  about: 'Is a file ours, is it intact, who made it, when, with which model, under which decision? Exit 0 when all are ours and intact.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    if (positionals.length === 0) throw new UsageError('Name at least one file.');
    const files = await Promise.all(positionals.map(async (path) => ({ path, bytes: await read(path) })));
    const client = await connectGateway(config);
    try {
      let isGood = true;
      for (const { path, bytes } of files) {
        const found = await verifyOne(client, basename(path), bytes);
        isGood &&= found.verdict === 'ours-intact';
        context.terminal.out(json ? JSON.stringify({ file: path, ...found }) : describe(path, found));
      }
      return isGood ? EXIT.done : EXIT.no;
    } finally {
      await client.close();
    }
  },
};

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
  });
}

async function verifyOne(client: GatewayClient, name: string, bytes: Buffer): Promise<Report> {
  const form = new FormData();
  form.append('file', new Blob([bytes]), name);
  const encoded = new Response(form);
  const answer = await client.request('POST', '/v1/verify', {
    type: encoded.headers.get('content-type') ?? '',
    bytes: Buffer.from(await encoded.arrayBuffer()),
  });
  const body: unknown = JSON.parse(answer.body.toString());
  if (answer.status !== 200) throw new DeclinedError(`${name}: ${messageOf(body)}`);
  return report.parse(body);
}

const SENTENCE = {
  'ours-intact': 'made here, and intact',
  'ours-altered': 'leads to a picture that was made here, but the file is not what we published',
  foreign: 'carries a content credential that is not ours',
  none: 'nothing in it leads to us. That does not mean that a person made it',
} as const;

function describe(path: string, { verdict, c2pa, record }: Report): string {
  const signer = c2pa.signer === null ? '' : `, signed by ${c2pa.signer.organization ?? 'unknown'}`;
  const codes = c2pa.codes.length === 0 ? '' : ` (${c2pa.codes.join(', ')})`;
  const lines = [`${path}: ${SENTENCE[verdict]}.`, `  credential  ${c2pa.state}${signer}${codes}`];
  if (record === null) return lines.join('\n');
  return [
    ...lines,
    `  artifact    ${record.artifact_id}`,
    `  generation  ${record.generation_id} on surface ${record.surface}`,
    `  model       ${record.model}`,
    `  published   ${record.published_at}`,
    `  decision    ${record.decision_id ?? '–'} under ${record.policy ?? '–'}`,
  ].join('\n');
}
