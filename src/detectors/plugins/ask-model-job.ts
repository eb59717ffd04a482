import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { pyramidOf } from '../looking/pyramid.ts';
import { spread } from '../looking/spread.ts';
import { tensorOf } from './model-input.ts';
import type { AskModelInput, ModelAnswer } from './model-question.ts';
import { askModel } from './model-session.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Of an animation this many frames are looked at, spread evenly. */
const MOST_FRAMES = 8;

/** Runs in a process of the detector pool. @throws Error when a score is no number from 0 to 1, or there are too few or too many */
export async function run({ bytes, limits, model }: AskModelInput): Promise<ModelAnswer> {
  if (readContainer(bytes, limits).kind === 'refused') return { kind: 'unreadable' };
  const decoded = await decodeFrames(bytes, limits.maxPixelsAllFrames);
  if (decoded === undefined) return { kind: 'unreadable' };
  const worst = new Array<number>(model.scores).fill(0);
  for (const raster of decoded.views.flatMap((view) => spread(view, MOST_FRAMES))) {
    const scores = await askModel(model, tensorOf(pyramidOf(raster), model.input));
    if (scores.length !== worst.length) throw new RangeError(`${scores.length} scores for ${worst.length} labels`);
    for (const [at, score] of scores.entries()) {
      if (!(score >= 0 && score <= 1)) throw new RangeError('a score that is no number from 0 to 1');
      worst[at] = Math.max(worst[at] ?? 0, score);
    }
  }
  return { kind: 'scores', scores: worst };
}
