import { ImprimaturError } from '../../contracts/errors.ts';
import type { Descriptor } from '../../registries/people/person.ts';
import type { PictureLooker } from '../looking/picture-looker.ts';
import type { Sight } from '../looking/sight.ts';
import { LostJob } from '../lost-job.ts';
import { type FaceProblem, LEAST_PX, oneFaceOf } from './one-face.ts';

const SENTENCES: Readonly<Record<FaceProblem, string>> = {
  unreadable: 'is not a picture that can be decoded',
  animated: 'moves; send a still',
  no_face: 'has no face in it that can be recognized',
  several_faces: 'has more than one face in it; cut out the one that is meant',
  too_small: `has a face of fewer than ${LEAST_PX} pixels, once the picture is made to fit into 1,024; cut the face out, or send a larger picture`,
  unclear: 'has a face that is not clear enough to recognize somebody by',
};

/** Looks closely. @throws ImprimaturError CHECK_FAILED when the detectors could not finish: nobody knows what the picture shows */
export async function lookClosely(bytes: Uint8Array, looker: PictureLooker): Promise<Sight> {
  return looker.look(bytes, 'thorough').catch((cause: unknown) => {
    throw cause instanceof LostJob ? new ImprimaturError('CHECK_FAILED', { cause }) : cause;
  });
}

/**
 * The face in each picture, for the register. The pictures are not kept.
 * @throws ImprimaturError REQUEST_INVALID that names the first picture which is none of one clear face; CHECK_FAILED
 */
export async function readRegisterFaces(pictures: readonly Uint8Array[], looker: PictureLooker): Promise<Descriptor[]> {
  const found: Descriptor[] = [];
  for (const [at, bytes] of pictures.entries()) {
    const one = oneFaceOf(await lookClosely(bytes, looker));
    if (one.kind === 'problem')
      throw new ImprimaturError('REQUEST_INVALID', { hint: `Picture ${at + 1} ${SENTENCES[one.problem]}.`, param: `pictures[${at}]` });
    found.push(Float32Array.from(one.face.descriptor));
  }
  return found;
}
