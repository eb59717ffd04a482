import { type LumaPlane, lumaOf } from '../../registries/pdq/luma.ts';
import { formatPdq } from '../../registries/pdq/pdq-bits.ts';
import { pdqHash } from '../../registries/pdq/pdq-hash.ts';
import { trimmedPlanes } from '../../registries/pdq/trimmed-planes.ts';
import { type ContainerReport, type FileProblem, hostile, malformed } from '../containers/container-report.ts';
import type { Container } from '../containers/read-container.ts';
import type { DecodedPicture, View } from './decode-picture.ts';
import type { DecodedFacts, FrameHash, Inspection, TrimmedHash } from './inspection.ts';

/** Luminance up to which a pixel counts as black: JPEG may leave a level or two above zero. */
const BLACK_LUMA = 8;

/** All that detectors ask of a file, of its structure and its decoded picture. Pure. */
export function inspectPixels({ report }: Extract<Container, { kind: 'sound' }>, picture: DecodedPicture): Inspection {
  const { texts } = report;
  const facts = picture.kind === 'decoded' ? factsOf(picture) : null;
  if (facts === null) return { kind: 'refused', problems: [malformed('undecodable')], texts };
  const problems = contradictions(report, facts);
  return problems.length > 0 ? { kind: 'refused', problems, texts } : { kind: 'inspected', facts, texts };
}

/** Where the decoder saw something else than the header told us, one of the two was deceived. */
function contradictions(report: ContainerReport, facts: DecodedFacts): FileProblem[] {
  if (report.format === 'svg') return [];
  if (facts.frames < report.frames) return [malformed('unseen_frames')];
  const told = report.widthPx * report.heightPx * report.frames;
  return facts.width * facts.height * facts.frames > told ? [hostile('header_mismatch')] : [];
}

function factsOf({ format, width, height, frames, hasAlpha, views }: Extract<DecodedPicture, { kind: 'decoded' }>): DecodedFacts | null {
  const looked = views.map((view) => lookAt(view));
  const shown = looked.at(-1);
  if (shown === undefined) return null;
  return {
    format,
    width,
    height,
    frames,
    hasAlpha,
    pdq: looked.flatMap(({ hashes }) => hashes),
    trimmedPdq: looked.flatMap(({ trimmed }) => trimmed),
    ...brightnessOf(shown.brightness),
  };
}

/** Hashes and brightness of each frame, from one plane of luminance at a time. */
function lookAt({ name, width, height, frames }: View) {
  const hashes: FrameHash[] = [];
  const trimmed: TrimmedHash[] = [];
  const brightness: Brightness[] = [];
  for (const [frame, pixels] of frames.entries()) {
    const luma = lumaOf(pixels, width, height);
    hashes.push({ frame, view: name, ...hashesOf(luma) });
    for (const part of trimmedPlanes(luma)) trimmed.push({ frame, view: name, trimmed: part.trimmed, ...hashesOf(part.plane) });
    brightness.push(measure(luma));
  }
  return { hashes, trimmed, brightness };
}

function hashesOf(luma: LumaPlane): Pick<FrameHash, 'quality' | 'hashes'> {
  const { orientations, quality } = pdqHash(luma);
  return { quality, hashes: orientations.map(formatPdq) };
}

interface Brightness {
  readonly sum: number;
  readonly brightest: number;
  readonly pixels: number;
}

function measure({ values }: LumaPlane): Brightness {
  let sum = 0;
  let brightest = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? 0;
    sum += value;
    if (value > brightest) brightest = value;
  }
  return { sum, brightest, pixels: values.length };
}

/** Over all frames as a viewer shows them. */
function brightnessOf(frames: readonly Brightness[]): Pick<DecodedFacts, 'isBlack' | 'meanLuma'> {
  const total = (of: 'sum' | 'pixels') => frames.reduce((sum, frame) => sum + frame[of], 0);
  return { isBlack: frames.every(({ brightest }) => brightest <= BLACK_LUMA), meanLuma: total('sum') / total('pixels') };
}
