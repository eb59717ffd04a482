import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type LocalDetectors, withLocalDetectors } from '../../compose/local-detectors.ts';
import { describeSight, type SightReport } from '../../detectors/looking/describe-sight.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import { codeOf, collectFiles, type FoundFile } from '../collect-files.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { inOrder } from '../in-order.ts';
import { printable } from '../printable.ts';

type Result = { readonly path: string; readonly report: SightReport } | { readonly path: string; readonly problem: string };

export const detect: Command = {
  name: 'detect',
  usage: ['imprimatur detect FILE|FOLDER… [--json]'],
  about:
    'What the detectors see in pictures: faces with box and apparent age, nudity, the perceptual hash. Needs no running gateway, writes nothing down. Exit code 0 when every file could be looked at, 2 when one could not.',
  async run(args, context) {
    const { positionals, json, config } = parseCommandLine(args, context);
    if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
    const { terminal } = context;
    const files = await collectFiles(positionals);
    let failed = files.length === 0;
    const write = (seen: Seen) => {
      for (const line of json ? [asJson(seen)] : told(seen)) terminal.out(line);
    };
    const processes = Math.max(1, Math.min(files.length, config.values.workers ?? availableParallelism()));
    await withLocalDetectors(processes, (detectors) =>
      inOrder(
        files,
        processes + 1,
        (file) => lookAt(file, detectors),
        (result) => {
          if ('report' in result) write(result);
          else {
            failed = true;
            if (json) terminal.out(JSON.stringify({ file: result.path, error: result.problem }));
            terminal.err(printable(`${result.path}: ${result.problem}`));
          }
        },
      ),
    );
    return failed ? EXIT.usage : EXIT.done;
  },
};

async function lookAt(file: FoundFile, { looker, inspector }: LocalDetectors): Promise<Result> {
  const { path } = file;
  if ('problem' in file) return file;
  try {
    const bytes = await readFile(path);
    const [sight, inspection] = await Promise.all([looker.look(bytes, 'thorough'), inspector.inspect(bytes)]);
    if (inspection.kind === 'refused') {
      return { path, problem: `cannot be looked at (${inspection.problems.map(({ code }) => code).join(', ')})` };
    }
    if (sight.kind === 'unreadable') return { path, problem: 'cannot be decoded' };
    return { path, report: describeSight(sight, inspection.facts) };
  } catch (error) {
    if (error instanceof LostJob) return { path, problem: 'the detectors could not finish with it, so nothing is known' };
    return { path, problem: codeOf(error) };
  }
}

type Seen = Extract<Result, { readonly report: SightReport }>;

const asJson = ({ path, report }: Seen) => JSON.stringify({ file: path, ...report });

function told({ path, report: { faces, signals, not_covered } }: Seen): string[] {
  const seen = faces.map(
    ({ box, apparent_age }) => `  face at ${box.x},${box.y} (${box.width} × ${box.height}), looks ${Math.round(apparent_age)} years old`,
  );
  const scores = Object.entries(signals).map(([category, score]) => `${category} ${score.toFixed(2)}`);
  return [printable(`${path}: ${scores.join(', ')}; nobody looked for ${not_covered.join(', ')}`), ...seen];
}
