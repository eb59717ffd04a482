import type { Detection, DetectOptions, MarkTransform } from '../detection.ts';
import { giveBack } from '../kernels/kernel-memory.ts';
import type { MarkKey } from '../mark-key.ts';
import { assertRaster, type Plane, type Raster } from '../raster.ts';
import { canonicalLuma } from '../signal/canonical-scale.ts';
import { candidateMaps, type SearchGround, searchGroundOf } from './candidate-maps.ts';
import { falsePositiveBound, PART_SYNC_GATE, SYNC_GATE } from './false-positives.ts';
import { flatten } from './flatten.ts';
import { IDENTITY } from './linear-map.ts';
import { MarkReader, type Reading } from './mark-reader.ts';
import { transformOf } from './mark-transform.ts';
import { type Part, partsOf, planeOf, WHOLE } from './parts.ts';

/** Fewer pixels than this a side hold not even one tile of a shrunk mark. */
const LEAST_SIDE = 32;

/** Tables of a key take 5 ms to make, and a gateway has one or two keys. */
const readers = new WeakMap<MarkKey, MarkReader>();

/** See `detect` in watermark.ts. */
export function detectMark(raster: Raster, keys: readonly MarkKey[], { effort = 'thorough' }: DetectOptions): Detection {
  assertRaster(raster);
  if (raster.width < LEAST_SIDE || raster.height < LEAST_SIDE) return { kind: 'unreadable', reason: 'too_small' };
  const plane = flatten(canonicalLuma(raster));
  const search: Search = { readers: keys.map(readerOf), plane, attempts: 0, partAttempts: 0 };
  for (const reader of search.readers) reader.forget();
  try {
    return lookIn(search, effort);
  } finally {
    giveBack(plane.values);
  }
}

function lookIn(search: Search, effort: 'standard' | 'thorough'): Detection {
  const found = asItIs(search) ?? inWhole(search) ?? (effort === 'thorough' ? inParts(search) : undefined);
  return found ?? { kind: 'absent', syncZ: search.readers.reduce((most, { bestZ }) => Math.max(most, bestZ), 0) };
}

/** Attempts are counted for one key, as the bound is stated. */
interface Search {
  readonly readers: readonly MarkReader[];
  readonly plane: Plane;
  attempts: number;
  partAttempts: number;
}

function readerOf(key: MarkKey): MarkReader {
  const known = readers.get(key);
  if (known !== undefined) return known;
  const made = new MarkReader(key);
  readers.set(key, made);
  return made;
}

function asItIs(search: Search): Detection | undefined {
  search.attempts++;
  for (const reader of search.readers) {
    const reading = reader.read(search.plane, IDENTITY, SYNC_GATE);
    if (reading !== undefined) return answer(reading, reader, WHOLE, search);
  }
  return undefined;
}

function inWhole(search: Search): Detection | undefined {
  const { plane, readers: all } = search;
  const ground = searchGroundOf(plane, plane.width * plane.height);
  const before = search.attempts;
  for (const reader of all) {
    search.attempts = before;
    for (const map of candidateMaps(ground, reader.layout.sync, { stretches: true })) {
      search.attempts++;
      const reading = reader.read(plane, map, SYNC_GATE);
      if (reading !== undefined) return answer(reading, reader, WHOLE, search);
    }
  }
  return undefined;
}

function inParts(search: Search): Detection | undefined {
  const { plane } = search;
  for (const part of partsOf(plane)) {
    const piece = planeOf(plane, part);
    try {
      const found = inPart(search, { part, piece, ground: searchGroundOf(piece, plane.width * plane.height) });
      if (found !== undefined) return found;
    } finally {
      giveBack(piece.values);
    }
  }
  return undefined;
}

function inPart(
  search: Search,
  { part, piece, ground }: { readonly part: Part; readonly piece: Plane; readonly ground: SearchGround },
): Detection | undefined {
  const before = search.partAttempts;
  for (const reader of search.readers) {
    search.partAttempts = before;
    for (const map of candidateMaps(ground, reader.layout.sync, { stretches: false })) {
      search.partAttempts++;
      const reading = reader.read(piece, map, PART_SYNC_GATE);
      if (reading !== undefined) return answer(reading, reader, part, search);
    }
  }
  return undefined;
}

function answer(reading: Reading, { epoch }: MarkReader, part: Part, { attempts, partAttempts }: Search): Detection {
  const { payload, syncZ, bitAgreement, inverted, map } = reading;
  const transform: MarkTransform = { ...transformOf(map), inverted, part };
  return {
    kind: 'found',
    payload,
    keyEpoch: epoch,
    confidence: 1 - falsePositiveBound(attempts, partAttempts),
    syncZ,
    bitAgreement,
    transform,
  };
}
