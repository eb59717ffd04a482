import { patchOf } from '../looking/patch.ts';
import type { Place, Pyramid } from '../looking/pyramid.ts';
import { networkSession } from '../networks/network-session.ts';
import { Tensor } from '../networks/onnx-runtime.ts';
import { characters } from './characters.ts';
import { TEXT_LINES } from './text-networks.ts';

/** One line of text, and how sure the network is of its letters on average, 0 to 1. */
export interface TextLine {
  readonly text: string;
  readonly certainty: number;
}

const HIGH_PX = 48;
const LEAST_WIDE_PX = 48;
const MOST_WIDE_PX = 1_280;
/** Text that stands on its head is read with less certainty than this. */
const UPRIGHT = 0.9;

/** Reads the line at a place, as it lies or upside down, whichever the network is surer of. */
export async function readLine(pyramid: Pyramid, place: Place): Promise<TextLine> {
  const lying = await readAsIs(pyramid, place);
  if (lying.certainty >= UPRIGHT) return lying;
  const turned = await readAsIs(pyramid, { ...place, angle: place.angle + Math.PI });
  return turned.certainty > lying.certainty ? turned : lying;
}

async function readAsIs(pyramid: Pyramid, place: Place): Promise<TextLine> {
  const natural = Math.round((HIGH_PX * place.width) / place.height / 8) * 8;
  const wide = Math.min(MOST_WIDE_PX, Math.max(LEAST_WIDE_PX, natural));
  const patch = patchOf(pyramid, place, wide, HIGH_PX);
  const session = await networkSession(TEXT_LINES);
  const outputs = await session.run({ x: new Tensor('float32', planes(patch, wide * HIGH_PX), [1, 3, HIGH_PX, wide]) });
  const steps = outputs[session.outputNames[0] ?? '']?.data;
  if (!(steps instanceof Float32Array)) throw new TypeError('text-lines gave no letters');
  return lettersIn(steps);
}

/** Blue, green and red after each other, from -1 to 1. */
function planes(patch: Float32Array, pixels: number): Float32Array {
  const out = new Float32Array(patch.length);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) out[channel * pixels + pixel] = (patch[pixel * 3 + 2 - channel] ?? 0) / 127.5 - 1;
  }
  return out;
}

/** Connectionist temporal classification, the best letter of each step: repetitions are one, class 0 is none. */
function lettersIn(steps: Float32Array): TextLine {
  const letters = characters();
  const classes = letters.length;
  let [text, sum, count, last] = ['', 0, 0, 0];
  for (let from = 0; from + classes <= steps.length; from += classes) {
    let best = 0;
    for (let at = 1; at < classes; at++) if ((steps[from + at] ?? 0) > (steps[from + best] ?? 0)) best = at;
    if (best !== 0 && best !== last) {
      text += letters[best] ?? '';
      sum += steps[from + best] ?? 0;
      count++;
    }
    last = best;
  }
  return { text, certainty: count === 0 ? 0 : Math.min(1, sum / count) };
}
