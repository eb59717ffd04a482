import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { auditDetectors, type DetectorAudit } from '../../audits/audit-detectors.ts';
import { detectorPage, shown, verdict } from '../../audits/detector-page.ts';
import { detectorTable } from '../../audits/detector-table.ts';
import { type Label, type ReadLabels, readLabels } from '../../audits/labels.ts';
import { withAuditTools } from '../../compose/local-audit.ts';
import { codeOf } from '../collect-files.ts';
import { type CommandContext, EXIT, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { printable } from '../printable.ts';
import { progressBar } from '../progress.ts';
import { table } from '../table.ts';

const LABEL_FILES = ['labels.csv', 'labels.jsonl'] as const;
const ALARM_FROM = 0.5;

export const auditDetectorsCommand = {
  usage:
    'imprimatur audit detectors FOLDER --out FOLDER2 [--labels FILE] [--checks nudity,file-sanity] [--threshold 0.5] [--seed 1] [--json]',
  async run(args: readonly string[], context: CommandContext): Promise<number> {
    const { positionals, json, options, config } = parseCommandLine(args, context, ['out', 'labels', 'checks', 'threshold', 'seed']);
    const [root, ...more] = positionals;
    const { out } = options;
    if (root === undefined || more.length > 0 || out === undefined)
      throw new UsageError('Name one folder of labelled pictures, and --out for the report.');
    const threshold = shareIn('threshold', options['threshold'] ?? String(ALARM_FROM));
    const seed = wholeIn('seed', options['seed'] ?? '1', 0xffff_ffff);
    const labels = await labelsOf(root, options['labels'], context.terminal);
    const wanted = options['checks']?.split(',').map((id) => id.trim());
    const processes = Math.min(labels.length, config.values.workers ?? availableParallelism());
    const bar = progressBar('auditing', context.terminal);
    const audit = await withAuditTools(config, { wanted, processes }, async (tools) => {
      const stranger = wanted?.find((id) => !tools.checks.some((check) => check.id === id));
      if (stranger !== undefined) throw new UsageError(`There is no check of pictures ${JSON.stringify(stranger)} here.`);
      const onProgress = (done: number) => bar.update(done, labels.length);
      return auditDetectors({ ...tools, root, labels, seed, threshold, width: processes * 2, onProgress });
    }).finally(() => bar.end());
    await writeReport(out, {
      'audit.html': detectorPage(audit),
      'audit.json': `${JSON.stringify(audit, null, 2)}\n`,
      'audit.csv': detectorTable(audit),
    });
    context.terminal.out(json ? JSON.stringify(audit) : told(audit, out));
    return audit.pictures > audit.unreadable + audit.lost ? EXIT.done : EXIT.usage;
  },
};

/** A number from 0 to 1. @throws UsageError */
function shareIn(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new UsageError(`--${name} must be a number from 0 to 1.`);
  return value;
}

/** A whole number from 1 on. @throws UsageError */
export function wholeIn(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) throw new UsageError(`--${name} must be a whole number from 1 to ${most}.`);
  return value;
}

/** Puts the files of a report into a folder of their own making. */
export async function writeReport(out: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(out, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) await writeFile(join(out, name), text, { mode: 0o600 });
}

async function labelsOf(root: string, given: string | undefined, terminal: Terminal): Promise<readonly Label[]> {
  const path = given ?? LABEL_FILES.map((name) => join(root, name)).find(existsSync);
  if (path === undefined)
    throw new UsageError(`${root} has no labels.csv and no labels.jsonl; name a file with --labels. docs/audits.md has its columns.`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path}: ${codeOf(error)}`);
  });
  const read = readLabels(text, path.endsWith('.jsonl') ? 'jsonl' : 'csv');
  complain(read, path, terminal);
  if (read.labels.length === 0) throw new UsageError(`${path} labels no picture.`);
  return read.labels;
}

const MOST_COMPLAINTS = 20;

/** A folder that is labelled wrongly is measured wrongly, so nothing is left out in silence, and nothing is guessed. */
function complain({ problems }: ReadLabels, path: string, terminal: Terminal): void {
  for (const { line, problem } of problems.slice(0, MOST_COMPLAINTS)) terminal.err(printable(`${path}:${line}: ${problem}`));
  if (problems.length > 0) throw new UsageError(`${problems.length} rows of the labels cannot be used; mend them, or take them out.`);
}

function told(audit: DetectorAudit, out: string): string {
  const rows = audit.measures.map(({ detector, what, unit, overall }) => [
    detector,
    what,
    overall.n.toLocaleString('en'),
    shown(overall.value, unit),
    `${shown(overall.low, unit)} to ${shown(overall.high, unit)}`,
  ]);
  const lost = audit.unreadable + audit.lost;
  return [
    table(['detector', 'error', 'n', 'measured', '95 % interval'], rows),
    '',
    ...(lost > 0 ? [`${lost} of ${audit.pictures} pictures could not be looked at and are in no figure.`] : []),
    verdict(audit.measures),
    `The page: ${join(out, 'audit.html')}`,
  ].join('\n');
}
