import { appendedProblems, foreignFileProblem } from './appended.ts';
import { readAvif } from './avif.ts';
import { ByteView, TruncatedFile } from './byte-view.ts';
import {
  type ContainerFormat,
  type ContainerReport,
  DEFAULT_LIMITS,
  type FileLimits,
  type FileProblem,
  hostile,
  malformed,
} from './container-report.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { sniffFormat } from './sniff.ts';
import { readSvg } from './svg.ts';
import { readTiff } from './tiff.ts';
import { readWebp } from './webp.ts';

const BYTES_PER_PIXEL = 4;
/** An honest photo is 2 to 60 times smaller than its pixels, a flat drawing up to 1,000 times; measured on PNG and JPEG. */
const BOMB_RATIO = 250;

/** Either a picture that is safe to hand to the decoder, or everything that speaks against it. */
export type Container =
  | { readonly kind: 'sound'; readonly report: ContainerReport }
  | {
      readonly kind: 'refused';
      readonly problems: readonly FileProblem[];
      readonly texts: readonly string[];
      /** Null when the structure could not be read to its end. */
      readonly report: ContainerReport | null;
    };

/**
 * Looks at a file without decoding a pixel: kind by first bytes, header against limits, structure, second files
 * inside. Never throws and takes time linear in the size of the file, whatever the bytes.
 */
export function readContainer(bytes: Uint8Array, limits: FileLimits = DEFAULT_LIMITS): Container {
  if (bytes.length > limits.maxBytes) return refused([malformed('too_large')]);
  const format = sniffFormat(bytes);
  if (format === undefined) return refused([foreignFileProblem(bytes)]);
  const view = new ByteView(bytes);
  const report = readHeader(view, format);
  if (report === undefined) return refused([malformed(format === 'bmp' ? 'unsupported_format' : 'truncated')]);
  const problems = [...report.problems, ...limitProblems(report, bytes.length, limits), ...appendedProblems(view, report)];
  return problems.length === 0 ? { kind: 'sound', report } : refused(problems, report);
}

function refused(problems: readonly FileProblem[], report: ContainerReport | null = null): Container {
  const once = problems.filter((problem, i) => problems.findIndex(({ code }) => code === problem.code) === i);
  return { kind: 'refused', problems: once, texts: report?.texts ?? [], report };
}

function readHeader(view: ByteView, format: ContainerFormat): ContainerReport | undefined {
  const read = READERS[format];
  try {
    return read?.(view);
  } catch (error) {
    if (error instanceof TruncatedFile) return undefined;
    throw error;
  }
}

/** BMP is told apart, so that it gets an answer of its own, but libvips as shipped with sharp cannot decode it. */
const READERS: Readonly<Record<ContainerFormat, ((view: ByteView) => ContainerReport) | undefined>> = {
  png: readPng,
  jpeg: readJpeg,
  gif: readGif,
  webp: readWebp,
  avif: readAvif,
  tiff: readTiff,
  svg: readSvg,
  bmp: undefined,
};

/**
 * A picture over the limits is a bomb when the file is far too small for it, and merely too large otherwise: the
 * sender of a 60-megapixel photo did nothing wrong and is told so.
 */
function limitProblems({ widthPx, heightPx, frames }: ContainerReport, fileBytes: number, limits: FileLimits): FileProblem[] {
  if (widthPx === 0 || heightPx === 0 || frames === 0) return [malformed('header')];
  const pixels = widthPx * heightPx;
  const within =
    pixels <= limits.maxPixels &&
    Math.max(widthPx, heightPx) <= limits.maxSidePx &&
    frames <= limits.maxFrames &&
    pixels * frames <= limits.maxPixelsAllFrames;
  if (within) return [];
  const ratio = (pixels * frames * BYTES_PER_PIXEL) / Math.max(1, fileBytes);
  return [ratio > BOMB_RATIO ? hostile('decompression_bomb') : malformed('too_many_pixels')];
}
