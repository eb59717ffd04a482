import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Command, ParsedArgs, Terminal } from '../command.ts';
import { EXIT, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, withGateway } from '../gateway-client.ts';
import { table } from '../table.ts';
import { proposals } from './classifier-proposals.ts';
import { train } from './classifier-train.ts';

const cell = z.object({ positives: z.int(), found: z.int(), negatives: z.int(), flagged: z.int() });
const cells = z.record(z.string(), cell);
const report = z.object({
  champion: z.string(),
  suites: z.array(z.object({ name: z.string(), sha256: z.string(), rows: z.int(), champion: cells, challenger: cells })),
  regressions: z.array(
    z.object({ suite: z.string(), category: z.string(), what: z.string(), champion: z.number(), challenger: z.number() }),
  ),
});
const model = z.looseObject({ id: z.string(), sha256: z.string(), version: z.string(), state: z.string(), registered_at: z.string() });
const inForce = z.looseObject({ sha256: z.string(), version: z.string(), is_shipped: z.boolean() });
const shadow = z.object({
  model: z.string(),
  champion: z.string(),
  category: z.string(),
  neither: z.number(),
  both_flag: z.number(),
  champion_only: z.number(),
  challenger_only: z.number(),
});
const standing = z.object({ in_force: inForce, data: z.array(model), shadow: z.array(shadow) });

export const classifier: Command = {
  name: 'classifier',
  usage: [
    'imprimatur classifier train --data DIR --out FILE [--terms FILE] [--seed N] [--name VERSION] [--examples yes|no]',
    'imprimatur classifier evaluate FILE --suite DIR [--json]',
    'imprimatur classifier promote FILE [--suite DIR] [--most-false-positives SHARE] [--json]',
    'imprimatur classifier rollback [--json]',
    'imprimatur classifier status [--json]',
    'imprimatur classifier proposals [list|find|accept ID|reject ID|export FILE] [--json]',
  ],
  about:
    'The prompt classifier. "evaluate" compares a model with the one in force on frozen suites and lets it score in shadow; "promote" puts it in force unless anything got worse; "rollback" takes that back. Exit code 1 when a model may not take over.',
  async run(args, context) {
    const own = ['data', 'out', 'terms', 'seed', 'name', 'examples', 'suite', 'most-false-positives'];
    const parsed = parseCommandLine(args, context, own);
    const [action = '', file] = parsed.positionals;
    const act = ACTIONS.get(action);
    if (act === undefined) throw new UsageError('Say train, evaluate, promote, rollback, status or proposals.');
    if (NEED_A_FILE.has(action) && file === undefined) throw new UsageError('Name a model file.');
    if (action === 'evaluate' && parsed.options['suite'] === undefined) throw new UsageError('Name a folder of suites with --suite.');
    if (action === 'train' && (parsed.options['data'] === undefined || parsed.options['out'] === undefined))
      throw new UsageError('Name the folder of rows with --data and the file to write with --out.');
    return withGateway(parsed.config, async (client) => {
      return await act(client, parsed, context.terminal);
    });
  },
};

type Act = (client: GatewayClient, parsed: ParsedArgs, terminal: Terminal) => Promise<number>;

const ACTIONS: ReadonlyMap<string, Act> = new Map<string, Act>([
  ['train', train],
  ['evaluate', evaluate],
  ['promote', promote],
  ['rollback', rollBack],
  ['status', status],
  ['proposals', proposals],
]);
const NEED_A_FILE = new Set(['evaluate', 'promote']);

async function evaluate(client: GatewayClient, { positionals, options, json }: ParsedArgs, { out }: Terminal): Promise<number> {
  const bytes = await readOrUsage(positionals[1] ?? '');
  const suites = await readSuites(options['suite'] ?? '');
  const { id } = model.parse(await askJson(client, 'POST', '/v1/prompt-models', { model: bytes.toString('base64') }));
  const found = report.parse(await askJson(client, 'POST', `/v1/prompt-models/${id}/evaluations`, { suites }));
  out(json ? JSON.stringify({ model: id, ...found }) : describe(id, found));
  return found.regressions.length === 0 ? EXIT.done : EXIT.no;
}

async function promote(client: GatewayClient, parsed: ParsedArgs, terminal: Terminal): Promise<number> {
  const { positionals, options, json } = parsed;
  const bytes = await readOrUsage(positionals[1] ?? '');
  if (options['suite'] !== undefined) await evaluate(client, parsed, json ? { ...terminal, out: () => undefined } : terminal);
  const limit = options['most-false-positives'];
  const body = limit === undefined ? {} : { most_false_positives: Number(limit) };
  const id = createHash('sha256').update(bytes).digest('hex');
  const answer = promotion.parse(await askJson(client, 'POST', `/v1/prompt-models/${id}/promote`, body));
  if (json) terminal.out(JSON.stringify(answer));
  else if (answer.promoted)
    terminal.out('Promoted: it is in force everywhere within some seconds. "imprimatur classifier rollback" takes it back.');
  else terminal.out(['Not promoted:', ...answer.objections.map((objection) => `  ${objection}`)].join('\n'));
  return answer.promoted ? EXIT.done : EXIT.no;
}

const promotion = z.object({ promoted: z.boolean(), objections: z.array(z.string()).default([]) });

async function rollBack(client: GatewayClient, { json }: ParsedArgs, { out }: Terminal): Promise<number> {
  const answer = z.object({ in_force: inForce }).parse(await askJson(client, 'POST', '/v1/prompt-models/rollback', {}));
  out(json ? JSON.stringify(answer) : `In force again: ${nameOf(answer.in_force)}.`);
  return EXIT.done;
}

async function status(client: GatewayClient, { json }: ParsedArgs, { out }: Terminal): Promise<number> {
  const answer = standing.parse(await askJson(client, 'GET', '/v1/prompt-models'));
  const models = answer.data.map((one) => [one.id, one.version, one.sha256.slice(0, 12), one.state, one.registered_at]);
  const compared = answer.shadow.map((one) =>
    [one.model, one.category, one.both_flag, one.champion_only, one.challenger_only, one.neither].map(String),
  );
  const lines = [
    `In force: ${nameOf(answer.in_force)}.`,
    ...(models.length === 0 ? [] : ['', table(['model', 'version', 'sha256', 'state', 'handed in'], models)]),
    ...(compared.length === 0
      ? []
      : ['', table(['in shadow', 'category', 'both flag', 'only the champion', 'only this one', 'neither'], compared)]),
  ];
  out(json ? JSON.stringify(answer) : lines.join('\n'));
  return EXIT.done;
}

function nameOf({ sha256, version, is_shipped }: z.output<typeof inForce>): string {
  if (sha256 === 'none') return 'no model';
  return `${version}, ${sha256.slice(0, 12)}${is_shipped ? ', the one that ships' : ''}`;
}

function describe(id: string, { suites, regressions }: z.output<typeof report>): string {
  const rows = suites.flatMap(({ name, champion, challenger }) =>
    [...new Set([...Object.keys(champion), ...Object.keys(challenger)])].sort().map((category) => {
      const [before, after] = [champion[category], challenger[category]];
      return [name, category, `${recall(before)} → ${recall(after)}`, `${falsePositives(before)} → ${falsePositives(after)}`];
    }),
  );
  const worse = regressions.map(({ suite, category, what }) => `  ${suite}, ${category}: ${what.replace('_', ' ')}`);
  return [
    table(['suite', 'category', 'recall', 'false positives'], rows),
    '',
    ...(worse.length === 0 ? [`${id}: nothing got worse.`] : [`${id} got worse in ${worse.length} places:`, ...worse]),
  ].join('\n');
}

type Cell = z.output<typeof cell> | undefined;
const share = (part: number, of: number) => (of === 0 ? '–' : `${((100 * part) / of).toFixed(2)} %`);
const recall = (one: Cell) => share(one?.found ?? 0, one?.positives ?? 0);
const falsePositives = (one: Cell) => share(one?.flagged ?? 0, one?.negatives ?? 0);

/** Every `*.jsonl` of a folder; the name of a suite is that of its file. */
async function readSuites(folder: string): Promise<{ name: string; rows: string }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${folder}: ${error.code ?? 'cannot be read'}`);
  });
  const files = names.filter((name) => name.endsWith('.jsonl')).sort();
  if (files.length === 0) throw new UsageError(`${folder} holds no suite (*.jsonl).`);
  return Promise.all(
    files.map(async (name) => ({ name: name.slice(0, -'.jsonl'.length), rows: (await readOrUsage(join(folder, name))).toString() })),
  );
}

function readOrUsage(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
  });
}
