import { realpath } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { type CurationTools, withCurationTools } from '../../compose/local-curation.ts';
import { type Curated, curateFolder } from '../../curation/curate-folder.ts';
import { PEOPLE_RULES, type PeopleRule } from '../../curation/judge-picture.ts';
import { readReservations } from '../../curation/sidecars.ts';
import { walkFolder } from '../../curation/walk-folder.ts';
import { codeOf } from '../collect-files.ts';
import { type Command, EXIT, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { facesComparer, type Registers, withRegisters } from '../curation-registers.ts';
import { progressBar } from '../progress.ts';

const CHECKS = ['nudity', 'faces'] as const;

export const curate: Command = {
  name: 'curate',
  usage: [
    'imprimatur curate FOLDER --out FOLDER2 [--checks nudity,faces|none] [--licences CC0-1.0,CC-BY-4.0] [--people known|consented|none] [--json]',
  ],
  about:
    'Goes through a training set and writes a manifest of what stays and why (CSV, JSONL, Croissant): hash lists, duplicates, opt-outs of owners, licences, people of the register who did not agree, broken and hostile files, nudity. Changes no picture. A run that was ended goes on where it stopped.',
  async run(args, context) {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['out', 'checks', 'licences', 'people']);
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
    const people = peopleIn(options['people']);
    const curated = await withRegisters(config, people, (registers) =>
      withCurationTools(config, { wanted, imported: registers.imported, processes }, (tools) =>
        goThrough(
          { root, out, processes, tools, registers, ...(licences === undefined ? {} : { licences: new Set(licences) }) },
          context.terminal,
        ),
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

/** Undefined: `known` where there is a register. */
function peopleIn(given: string | undefined): PeopleRule | 'none' | undefined {
  if (given === undefined || given === 'none') return given;
  const rule = PEOPLE_RULES.find((one) => one === given);
  if (rule === undefined) throw new UsageError(`--people is ${PEOPLE_RULES.join(', ')} or none.`);
  return rule;
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
  readonly registers: Registers;
  readonly licences?: ReadonlySet<string>;
}

async function goThrough({ root, out, processes, tools, registers, licences }: Going, terminal: Terminal): Promise<Curated> {
  const { missing, looker, ...parts } = tools;
  const { optOuts, people } = registers;
  const reservationsOf = await readReservations(root).catch(() => {
    throw new UsageError('tdmrep.json is not what TDMRep describes; mend it, or take it away.');
  });
  let total = 0;
  if (terminal.isInteractive) for await (const _ of walkFolder(root)) total += 1;
  const bar = progressBar('curating', terminal);
  // Of a stranger nobody can say it without asking for the consent of everybody.
  const notLooked = [
    ...missing,
    ...CHECKS.filter((id) => !tools.checks.some((check) => check.id === id) && !missing.includes(id)),
    ...(people?.rule === 'consented' && looker !== undefined ? [] : ['consent']),
  ];
  const rules = { notLooked, optOuts, ...(people === undefined ? {} : { people }), ...(licences === undefined ? {} : { licences }) };
  try {
    return await curateFolder({
      ...parts,
      ...(people === undefined || looker === undefined ? {} : { compareFaces: facesComparer(looker, people.compare) }),
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

function told({ keep, drop, review, skip, byReason, resumed }: Curated, out: string): string {
  const number = (count: number) => count.toLocaleString('en');
  const reasons = Object.entries(byReason)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, count]) => `  ${kind.padEnd(12)} ${number(count)}`);
  return [
    `${number(keep)} stay, ${number(drop)} go, ${number(review)} need a person's look${skip > 0 ? `, ${number(skip)} were not looked at` : ''}${resumed > 0 ? ` (${number(resumed)} known from an earlier run)` : ''}.`,
    ...reasons,
    `Why, file by file: ${out}/manifest.csv`,
  ].join('\n');
}
