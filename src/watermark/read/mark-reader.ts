import { polarEncode } from '../code/polar-code.ts';
import { PolarDecoder } from '../code/polar-decoder.ts';
import { type Layout, layoutOf } from '../mark/layout.ts';
import { payloadOf } from '../mark/message.ts';
import type { MarkKey } from '../mark-key.ts';
import type { Payload } from '../payload.ts';
import type { Plane } from '../raster.ts';
import { Folder } from './fold.ts';
import { composed, type LinearMap } from './linear-map.ts';
import { localPower } from './local-power.ts';
import { softBits } from './soft-bits.ts';
import { Synchronizer } from './synchronize.ts';

export interface Reading {
  readonly payload: Payload;
  readonly syncZ: number;
  readonly bitAgreement: number;
  readonly inverted: boolean;
  /** From pixels of the picture to pixels of the tile. */
  readonly map: LinearMap;
}

/** Reads marks of one key. Keeps tables and work space (2 MB); one call at a time. */
export class MarkReader {
  readonly layout: Layout;
  readonly epoch: number;
  /** Best synchronization of all attempts since `forget`. */
  bestZ = 0;
  readonly #folder = new Folder();
  readonly #synchronizer: Synchronizer;
  readonly #decoder = new PolarDecoder();

  constructor(key: MarkKey) {
    this.layout = layoutOf(key);
    this.epoch = key.epoch;
    this.#synchronizer = new Synchronizer(this.layout);
  }

  forget(): void {
    this.bestZ = 0;
  }

  /** Tries one map on a flattened picture; decodes only what synchronizes at least by `gate`. */
  read(plane: Plane, map: LinearMap, gate: number): Reading | undefined {
    const waves = this.#folder.fold(plane, map);
    const power = localPower(waves);
    const synchronization = this.#synchronizer.synchronize(waves, power);
    const { z, orientation, inverted } = synchronization;
    // Written so that NaN, as an empty fold could give, does not pass.
    if (!(z > 0)) return undefined;
    this.bestZ = Math.max(this.bestZ, z);
    if (z < gate) return undefined;
    const llr = softBits(waves, power, this.layout, synchronization);
    const message = this.#decoder.decode(llr, (candidate) => payloadOf(candidate, this.layout) !== undefined);
    const payload = message === undefined ? undefined : payloadOf(message, this.layout);
    if (message === undefined || payload === undefined) return undefined;
    return { payload, syncZ: z, bitAgreement: agreement(llr, polarEncode(message)), inverted, map: composed(orientation, map) };
  }
}

/** Share of code bits whose likelihood points the right way; those that say nothing count half. */
function agreement(llr: Float32Array, code: Uint8Array): number {
  let right = 0;
  for (const [i, bit] of code.entries()) {
    const said = llr[i] ?? 0;
    right += said === 0 ? 0.5 : said > 0 === (bit === 0) ? 1 : 0;
  }
  return right / code.length;
}
