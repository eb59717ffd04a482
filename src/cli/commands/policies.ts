import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readCaseFiles } from '../../policy/cases.ts';
import { type Command, EXIT, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';

const version = z.looseObject({
  ref: z.string(),
  digest: z.string(),
  state: z.string(),
  asked: z.looseObject({ state: z.string(), case_id: z.string().nullable() }).nullable(),
  tests: z.looseObject({ total: z.number() }).nullable(),
});
const replay = z.looseObject({
  total: z.number(),
  same: z.number(),
  untold: z.number(),
  changed: z.array(
    z.looseObject({ stage: z.string(), from: z.string(), to: z.string(), count: z.number(), examples: z.array(z.string()) }),
  ),
});

export const policies: Command = {
  name: 'policies',
  usage: [
    'imprimatur policies list [--json]',
    'imprimatur policies propose FILE [--note TEXT] [--cases DIR] [--json]',
    'imprimatur policies replay DIGEST [--days N] [--json]',
    'imprimatur policies activate DIGEST [--json]',
  ],
  about:
    'Which policy is in force, and how another comes into force: "propose" checks and keeps it, "replay" says which decisions of the last days would have ended otherwise, "activate" asks the boards legal, privacy and product. See docs/policies.md.',
  async run(args, context) {
    const parsed = parseCommandLine(args, context, ['note', 'cases', 'days']);
    return withGateway(parsed.config, async (client) => {
      const { answer, text } = await act(parsed, client);
      context.terminal.out(parsed.json ? JSON.stringify(answer) : text);
      return EXIT.done;
    });
  },
};

interface Said {
  readonly answer: unknown;
  readonly text: string;
}

async function act({ positionals: [action, named], options }: ParsedArgs, client: GatewayClient): Promise<Said> {
  if (action === 'list') return list(client);
  if (named === undefined) throw new UsageError('Say list, propose FILE, replay DIGEST or activate DIGEST.');
  if (action === 'propose') return propose(named, options, client);
  const path = `/v1/policies/${encodeURIComponent(named)}`;
  if (action === 'replay') return replayed(await askJson(client, 'GET', `${path}/replay?days=${options['days'] ?? '7'}`));
  if (action !== 'activate') throw new UsageError('Say list, propose, replay or activate.');
  const answer = z.looseObject({ case_id: z.string() }).parse(await askJson(client, 'POST', `${path}/activate`, {}));
  return { answer, text: `Legal, privacy and product are asked: ${answer.case_id}. Nothing changes before all three have approved.` };
}

async function list(client: GatewayClient): Promise<Said> {
  const { data } = z.object({ data: z.array(version) }).parse(await askJson(client, 'GET', '/v1/policies'));
  const rows = data.map(({ ref, state, asked, digest }) => [ref, state, asked?.state ?? '', digest]);
  return { answer: data, text: table(['policy', 'state', 'boards', 'digest'], rows) };
}

async function propose(file: string, { note, cases }: ParsedArgs['options'], client: GatewayClient): Promise<Said> {
  const read = (path: string) =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
    });
  const files = cases === undefined ? undefined : await readCaseFiles(cases);
  const body = {
    text: await read(file),
    ...(note === undefined ? {} : { note }),
    ...(files === undefined ? {} : { cases: files.map(({ path, text }) => ({ name: path.split('/').at(-1) ?? path, text })) }),
  };
  const answer = version
    .extend({ tests: z.looseObject({ total: z.number(), failed: z.array(z.looseObject({ name: z.string() })) }).nullable() })
    .parse(await askJson(client, 'POST', '/v1/policies', body));
  const failed = answer.tests?.failed.map(({ name }) => `  does not hold: ${name}`) ?? [];
  return { answer, text: [`${answer.ref} is kept as ${answer.digest}.`, ...failed].join('\n') };
}

function replayed(told: unknown): Said {
  const answer = replay.parse(told);
  const { total, same, untold, changed } = answer;
  const rows = changed.map(({ stage, from, to, count, examples }) => [stage, `${from} → ${to}`, String(count), examples[0] ?? '']);
  const lines = [`${same} of ${total} decisions stay the same; of ${untold} nobody can tell.`];
  if (rows.length > 0) lines.push(table(['stage', 'change', 'decisions', 'example'], rows));
  return { answer, text: lines.join('\n') };
}
