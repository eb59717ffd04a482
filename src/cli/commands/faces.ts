import { readFile } from 'node:fs/promises';
import { withLocalDetectors } from '../../compose/local-detectors.ts';
import { distinctFaces } from '../../detectors/faces/distinct-faces.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../../detectors/faces/same-person.ts';
import type { PictureLooker } from '../../detectors/looking/picture-looker.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import { codeOf } from '../collect-files.ts';
import { type Command, EXIT, parseCommandLine, UsageError } from '../command.ts';
import { printable } from '../printable.ts';

type OneFace = { readonly kind: 'face'; readonly descriptor: readonly number[] } | { readonly kind: 'none'; readonly error: FaceProblem };
type FaceProblem = 'no_face' | 'several_faces' | 'unreadable' | 'lost' | 'file_unreadable';

const SENTENCES: Readonly<Record<FaceProblem, string>> = {
  no_face: 'there is no face in this picture.',
  several_faces: 'there is more than one face in this picture; cut out the one that is meant.',
  unreadable: 'this is not a picture that can be decoded.',
  lost: 'the detectors could not finish with it, so nothing is known.',
  file_unreadable: 'the file cannot be read.',
};

export const faces: Command = {
  name: 'faces',
  usage: ['imprimatur faces compare A B [--json]'],
  about:
    'Are these two pictures of one person? Prints the distance of the two faces and whether it is below the threshold. Needs no running gateway, keeps nothing. Exit code 0 when there was an answer, 2 when a picture has no face, or several.',
  async run(args, context) {
    const { positionals, json } = parseCommandLine(args, context);
    const [action, first, second, ...rest] = positionals;
    if (action !== 'compare' || first === undefined || second === undefined || rest.length > 0)
      throw new UsageError('Say compare and two pictures.');
    const { terminal } = context;
    const found = await withLocalDetectors(1, async ({ looker }) => [await oneFace(first, looker), await oneFace(second, looker)] as const);
    const [a, b] = found;
    if (a.kind === 'face' && b.kind === 'face') {
      const distance = Number(distanceOf(a.descriptor, b.descriptor).toFixed(4));
      const match = distance <= SAME_PERSON_BELOW;
      const said = match ? 'likely the same person' : 'likely not the same person';
      terminal.out(
        json
          ? JSON.stringify({ distance, match, threshold: SAME_PERSON_BELOW })
          : `${said}: distance ${distance}, threshold ${SAME_PERSON_BELOW}`,
      );
      return EXIT.done;
    }
    const problems = [first, second].flatMap((file, at) => {
      const one = found[at];
      return one?.kind === 'none' ? [{ file, error: one.error }] : [];
    });
    if (json) terminal.out(JSON.stringify({ distance: null, match: null, problems }));
    for (const { file, error } of problems) terminal.err(printable(`${file}: ${SENTENCES[error]}`));
    return EXIT.usage;
  },
};

async function oneFace(path: string, looker: PictureLooker): Promise<OneFace> {
  try {
    const sight = await looker.look(await readFile(path), 'thorough');
    if (sight.kind === 'unreadable') return { kind: 'none', error: 'unreadable' };
    const [face, another] = distinctFaces(sight.faces);
    if (face === undefined) return { kind: 'none', error: 'no_face' };
    return another === undefined ? { kind: 'face', descriptor: face.descriptor } : { kind: 'none', error: 'several_faces' };
  } catch (error) {
    if (error instanceof LostJob) return { kind: 'none', error: 'lost' };
    if (codeOf(error) === 'cannot be read') throw error;
    return { kind: 'none', error: 'file_unreadable' };
  }
}
