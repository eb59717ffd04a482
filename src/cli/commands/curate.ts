import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { type CurationTools, withCurationTools } from '../../compose/local-curation.ts';
import type { Config } from '../../config/load-config.ts';
import { type Curated, curateFolder } from '../../curation/curate-folder.ts';
import { readReservations } from '../../curation/sidecars.ts';
import { walkFolder } from '../../curation/walk-folder.ts';
import { type HashRegistry, HashRegistryDraft } from '../../registries/hash-lists/hash-registry.ts';
import { readRows } from '../../registries/hash-lists/read-rows.ts';
import { mattersSchema, optOutFactsSchema, optOutId } from '../../registries/opt-outs/opt-out.ts';
import { createOptOutNames, NOBODY_OPTED_OUT, type OptOutNames } from '../../registries/opt-outs/opt-out-names.ts';
import { codeOf } from '../collect-files.ts';
import { type Command, EXIT, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { agreed, askJson, connectGateway, type GatewayClient } from '../gateway-client.ts';
import { progressBar } from '../progress.ts';

const CHECKS = ['nudity', 'faces'] as const;

export const curate: Command = {
  name: 'curate',
  usage: ['imprimatur curate FOLDER --out FOLDER2 [--checks nudity,faces|none] [--licences CC0-1.0,CC-BY-4.0] [--json]'],
  about:
    'Goes through a training set and writes a manifest of what stays and why (CSV, JSONL, Croissant): hash lists, duplicates, opt-outs of owners, licences, broken and hostile files, nudity. Changes no picture. A run that was ended goes on where it stopped.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['out', 'checks', 'licences']);
    const [folder, ...more] = positionals;
    const { out } = options;
    if (folder === undefined || more.length > 0 || out === undefined) throw new UsageError('Name one folder, and --out for the manifest.');
    const root = await realpath(folder).catch((error: unknown) => {
      throw new UsageError(`${folder}: ${codeOf(error)}`);
    });
    if (isInside(root, out)) throw new UsageError('The manifest must not lie inside of the folder that it is about.');
    const wanted = checksIn(options['checks']);
    const licences = options['licences']?.split(',').map((one) => one.trim());
    const processes = config.values.workers ?? availableParallelism();
    const { imported, optOuts } = await registersOf(config);
    const curated = await withCurationTools(config, { wanted, imported, processes }, (tools) =>
      goThrough(
        { root, out, processes, tools, optOuts, ...(licences === undefined ? {} : { licences: new Set(licences) }) },
        context.terminal,
      ),
    );
    context.terminal.out(json ? JSON.stringify(curated) : told(curated, out));
    return EXIT.done;
  },
};

function checksIn(given: string | undefined): readonly string[] {
  if (given === 'none') return [];
  const wanted = given?.split(',') ?? CHECKS;
  const stranger = wanted.find((id) => !CHECKS.some((known) => known === id));
  if (stranger !== undefined)
    throw new UsageError(`There is no check of pictures ${JSON.stringify(stranger)}: say ${CHECKS.join(', ')}, or none.`);
  return wanted;
}

function isInside(root: string, out: string): boolean {
  const way = relative(root, out);
  return way === '' || !(way.startsWith('..') || way.startsWith('/'));
}

interface Going {
  readonly root: string;
  readonly out: string;
  readonly processes: number;
  readonly tools: CurationTools;
  readonly optOuts: OptOutNames;
  readonly licences?: ReadonlySet<string>;
}

async function goThrough({ root, out, processes, tools, optOuts, licences }: Going, terminal: Terminal): Promise<Curated> {
  const { missing, ...parts } = tools;
  const reservationsOf = await readReservations(root).catch(() => {
    throw new UsageError('tdmrep.json is not what TDMRep describes; mend it, or take it away.');
  });
  let total = 0;
  if (terminal.isInteractive) for await (const _ of walkFolder(root)) total += 1;
  const bar = progressBar('curating', terminal);
  // Whose face it is, nobody can say without a register of consent.
  const notLooked = [
    ...missing,
    ...CHECKS.filter((id) => !tools.checks.some((check) => check.id === id) && !missing.includes(id)),
    'consent',
  ];
  const rules = { notLooked, optOuts, ...(licences === undefined ? {} : { licences }) };
  try {
    return await curateFolder({
      ...parts,
      root,
      out,
      rules,
      reservationsOf,
      width: processes * 2,
      onProgress: (done) => bar.update(done, total),
    });
  } finally {
    bar.end();
  }
}

/** What the gateway of this data directory keeps, whether it runs or not; nothing where there is no gateway. */
async function registersOf(config: Config): Promise<{ readonly imported: HashRegistry; readonly optOuts: OptOutNames }> {
  if (!existsSync(config.dataDir)) return { imported: new HashRegistryDraft().finish(), optOuts: NOBODY_OPTED_OUT };
  const client = await connectGateway(config);
  try {
    return { imported: await importedLists(client), optOuts: await optOutsOf(client) };
  } finally {
    await client.close();
  }
}

async function importedLists(client: GatewayClient): Promise<HashRegistry> {
  const draft = new HashRegistryDraft();
  const answer = z.object({ data: z.array(z.object({ name: z.string(), source: z.string() })) });
  const { data } = answer.parse(await askJson(client, 'GET', '/v1/hash-lists'));
  for (const { name } of data.filter(({ source }) => source === 'import')) {
    const bytes = agreed(await client.request('GET', `/v1/hash-lists/${encodeURIComponent(name)}/rows?format=csv`));
    draft.begin(name);
    for await (const { rows } of readRows(Readable.from([bytes]), { format: 'csv' }))
      for (const row of rows) if (row !== null && typeof row !== 'string') draft.add(name, row);
  }
  return draft.finish();
}

const optOut = z
  .object({ ...optOutFactsSchema.shape, id: optOutId, what: mattersSchema, expires_at: z.coerce.date().nullable() })
  .transform(({ expires_at, ...facts }) => ({ ...facts, expiresAt: expires_at }));

async function optOutsOf(client: GatewayClient): Promise<OptOutNames> {
  const { data } = z.object({ data: z.array(optOut) }).parse(await askJson(client, 'GET', '/v1/opt-outs'));
  return createOptOutNames(data);
}

function told({ keep, drop, review, byReason, resumed }: Curated, out: string): string {
  const number = (count: number) => count.toLocaleString('en');
  const reasons = Object.entries(byReason)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `  ${kind.padEnd(12)} ${number(count)}`);
  return [
    `${number(keep)} stay, ${number(drop)} go, ${number(review)} need a person's look${resumed > 0 ? ` (${number(resumed)} known from an earlier run)` : ''}.`,
    ...reasons,
    `Why, file by file: ${out}/manifest.csv`,
  ].join('\n');
}
