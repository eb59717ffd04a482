/** File formats that we can tell apart by their first bytes. `ImageFormat` names those that may leave the gateway. */
export type ContainerFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff' | 'bmp' | 'svg';

/**
 * What is wrong with a file. `malformed`: it is not the picture that it claims to be (cut off, undecodable, a kind that
 * we cannot look into), as happens to honest users. `hostile`: it is made to attack whoever opens it.
 */
export interface FileProblem {
  readonly severity: 'malformed' | 'hostile';
  /** A stable code such as `truncated` or `polyglot`. */
  readonly code: string;
}

export function malformed(code: string): FileProblem {
  return { severity: 'malformed', code };
}

export function hostile(code: string): FileProblem {
  return { severity: 'hostile', code };
}

/** What the header of one container says, read without decoding any pixel. */
export interface ContainerReport {
  readonly format: ContainerFormat;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: number;
  /** Offset of the first byte that does not belong to the picture any more. */
  readonly endOffset: number;
  readonly problems: readonly FileProblem[];
  /** Text inside the file that may be a prompt or a description, at most `MAX_TEXT_CHARS` in all. */
  readonly texts: readonly string[];
  /** The same and more by the fields in which it stands, at most `MAX_LABELED_CHARS` in all. */
  readonly labeled: readonly LabeledText[];
}

/** Text in a named field: `png:parameters`, `exif:UserComment`, `xmp:packet` … The name of a PNG field is the file's own choice. */
export interface LabeledText {
  readonly label: string;
  readonly text: string;
}

/** Bounds of what we decode. Sizes in pixels and bytes; `maxPixelsAllFrames` counts every frame of an animation. */
export interface FileLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
  readonly maxSidePx: number;
  readonly maxFrames: number;
  readonly maxPixelsAllFrames: number;
}

export const DEFAULT_LIMITS: FileLimits = {
  maxBytes: 50 * 1024 * 1024,
  maxPixels: 50_000_000,
  maxSidePx: 16_384,
  maxFrames: 64,
  maxPixelsAllFrames: 100_000_000,
};

/** How much embedded text is read from one file. */
export const MAX_TEXT_CHARS = 65_536;

/** Room for an XMP packet and a workflow of a few hundred nodes. */
export const MAX_LABELED_CHARS = 524_288;
