import { readFile } from 'node:fs/promises';
import { withLocalDetectors } from '../../compose/local-detectors.ts';
import { type EditComparison, FLAGGED_FROM } from '../../detectors/edit-anomaly/edit-comparison.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import { type Command, EXIT, parseCommandLine, type Terminal, UsageError } from '../command.ts';
import { printable } from '../printable.ts';

export const editAnomaly: Command = {
  name: 'edit-anomaly',
  usage: ['imprimatur edit-anomaly BEFORE AFTER [--mask FILE] [--json]'],
  about:
    'Did an edit take somebody’s clothes? Looks for the same person in both pictures, with skin of that person’s color where cloth was; for another pose; and, with a mask that is transparent where the edit was to be, for what changed elsewhere. Needs no running gateway. Exit code 0 when there was an answer, 2 when not.',
  async run(args, context) {
    const { positionals, json, options } = parseCommandLine(args, context, ['mask']);
    const [before, after, ...rest] = positionals;
    if (before === undefined || after === undefined || rest.length > 0)
      throw new UsageError('Name the picture before the edit and the one after.');
    const { mask: maskFile } = options;
    const mask = maskFile === undefined ? {} : { mask: await read(maskFile) };
    const pictures = { before: await read(before), after: await read(after), ...mask };
    try {
      const answer = await withLocalDetectors(1, ({ compareEdit }) => compareEdit(pictures));
      return tell(answer, { json, before, after, terminal: context.terminal });
    } catch (error) {
      if (!(error instanceof LostJob)) throw error;
      context.terminal.err('The detectors could not finish with these pictures, so nothing is known.');
      return EXIT.usage;
    }
  },
};

interface Telling {
  readonly json: boolean;
  readonly before: string;
  readonly after: string;
  readonly terminal: Terminal;
}

function tell(answer: EditComparison, { json, before, after, terminal }: Telling): number {
  if (answer.kind === 'unreadable') {
    const file = answer.which === 'before' ? before : after;
    if (json) terminal.out(JSON.stringify({ score: null, flagged: null, problems: [{ file, error: 'unreadable' }] }));
    terminal.err(printable(`${file}: this is not a picture that can be decoded.`));
    return EXIT.usage;
  }
  const { score, samePersons, personsBefore, becameSkin, keptStructure, nudityRise, poseChange, strayed } = answer;
  const flagged = score >= FLAGGED_FROM;
  const facts = {
    persons_before: personsBefore,
    same_persons: samePersons,
    became_skin: rounded(becameSkin),
    kept_structure: rounded(keptStructure),
    nudity_rise: rounded(nudityRise),
    pose_change: rounded(poseChange),
    changed_outside_mask: rounded(strayed?.changed ?? null),
    skin_outside_mask: rounded(strayed?.skin ?? null),
  };
  const said = flagged ? 'looks like clothing was taken away' : 'no sign that clothing was taken away';
  terminal.out(
    json
      ? JSON.stringify({ score: rounded(score), flagged, ...facts })
      : `${said} (score ${score.toFixed(2)}, ${samePersonsTold(samePersons)})`,
  );
  return EXIT.done;
}

const samePersonsTold = (count: number) =>
  count === 0 ? 'no person is in both pictures' : `${count} ${count === 1 ? 'person' : 'people'} in both`;
const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(3)));

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path}: ${error.code ?? 'cannot be read'}`);
  });
}
