import type { Inspection } from '../../detectors/pixels/inspection.ts';
import { type PdqBits, parsePdq } from '../../registries/pdq/pdq-bits.ts';
import type { Binding } from './manifest-store.ts';

/** By what a picture can be found, read from its pixels alone. */
export interface PixelBindings {
  /** The hash of the first frame as it is shown, then of the same frame turned and mirrored. Empty when there is too little to hash. */
  readonly pdq: readonly PdqBits[];
  /** What our invisible mark says; empty where there is none. */
  readonly watermarks: readonly SeenBinding[];
}

/** A binding that was read from pixels. */
export type SeenBinding = Binding & {
  /** How alike the pixels are to the picture that the binding is of, 0–100, where whoever read it has compared. */
  readonly likeness?: number;
};

/** Null for what is not a picture that can be opened. @throws LostJob when it could not be told */
export type ReadPixels = (bytes: Uint8Array) => Promise<PixelBindings | null>;

export interface PixelParts {
  readonly inspect: (bytes: Uint8Array) => Promise<Inspection>;
  /** Absent: this gateway has no invisible mark. */
  readonly readWatermarks?: (bytes: Uint8Array) => Promise<readonly SeenBinding[]>;
}

/** Below this the authors of PDQ discard hashes: a picture with so little in it is like many others. */
const LEAST_QUALITY = 50;

export function createPixelReader({ inspect, readWatermarks = async () => [] }: PixelParts): ReadPixels {
  return async (bytes) => {
    const inspection = await inspect(bytes);
    if (inspection.kind === 'refused') return null;
    return { pdq: hashesOf(inspection), watermarks: await readWatermarks(bytes) };
  };
}

/** The last view of a frame is what a viewer shows. */
function hashesOf({ facts }: Extract<Inspection, { kind: 'inspected' }>): readonly PdqBits[] {
  const shown = facts.pdq.filter(({ frame }) => frame === 0).at(-1);
  if (shown === undefined || shown.quality < LEAST_QUALITY) return [];
  return shown.hashes.flatMap((hex) => parsePdq(hex) ?? []);
}
