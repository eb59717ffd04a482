import sharp, { type Sharp } from 'sharp';

/** What part of a picture to blur or keep, in shares of its width and height. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly how: 'blur' | 'crop';
}

/** `measure`: only its size. `show`: plain pixels, whatever came. `preview`: a small, grey, blurred copy, so that nobody sees what they do not have to. `edit`: parts made unrecognizable, or all but one part cut away. */
export type PictureWork =
  | { readonly kind: 'measure'; readonly bytes: Uint8Array; readonly maxPixels: number }
  | { readonly kind: 'show'; readonly bytes: Uint8Array; readonly maxPixels: number }
  | { readonly kind: 'preview'; readonly bytes: Uint8Array; readonly maxPixels: number; readonly blur: number }
  | { readonly kind: 'edit'; readonly bytes: Uint8Array; readonly maxPixels: number; readonly parts: readonly Part[] };

export interface PictureWorkDone {
  readonly bytes: Uint8Array;
  /** Of the picture that came in. */
  readonly width: number;
  readonly height: number;
}

sharp.cache(false);
sharp.concurrency(1);

const SHOWN_SIDE = 2048;
/** EXIF orientations 5 to 8 turn a picture onto its side. */
const TURNED_FROM = 4;
/** What is blurred needs no more. */
const PREVIEW_SIDE = 384;
/** The blur is a share of the side, so that a large picture shows no more than a small one. */
const BLUR_SHARE = 1 / 48;
/** A blurred part keeps this many blocks a side: what was there cannot be computed back from so few. */
const BLOCKS = 6;

/** Runs in the worker pool. @throws what sharp throws for a file that it cannot decode whole */
export async function run(work: PictureWork): Promise<PictureWorkDone> {
  const options = { failOn: 'error', limitInputPixels: work.maxPixels } as const;
  const { width, height, pageHeight = height, orientation = 1 } = await sharp(work.bytes, options).metadata();
  const size = orientation > TURNED_FROM ? { width: pageHeight, height: width } : { width, height: pageHeight };
  if (work.kind === 'measure') return { bytes: new Uint8Array(0), ...size };
  // No markup, metadata or appendix comes through.
  const upright = sharp(work.bytes, options).rotate().toColourspace('srgb');
  if (work.kind === 'edit') return { bytes: await edit(await upright.png({ compressionLevel: 1 }).toBuffer(), size, work.parts), ...size };
  const bytes = await (work.kind === 'preview' ? preview(upright, size, work.blur) : show(upright)).toBuffer();
  return { bytes: new Uint8Array(bytes), ...size };
}

/** No more pixels than a screen has. */
function show(upright: Sharp): Sharp {
  return upright
    .resize(SHOWN_SIDE, SHOWN_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 90 });
}

function preview(upright: Sharp, { width, height }: Size, blur: number): Sharp {
  const side = Math.min(PREVIEW_SIDE, Math.max(width, height));
  return upright
    .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .greyscale()
    .blur(Math.max(0.5, side * BLUR_SHARE * blur))
    .webp({ quality: 60 });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Blurs first: a part is named by its place in the whole picture. Of several crops the last one counts. */
async function edit(png: Buffer, size: Size, parts: readonly Part[]): Promise<Uint8Array> {
  const overlays = await Promise.all(
    parts
      .filter(({ how }) => how === 'blur')
      .map(async (part) => {
        const box = boxOf(part, size);
        const few = await sharp(png).extract(box).resize(BLOCKS, BLOCKS, { fit: 'fill' }).png().toBuffer();
        const input = await sharp(few).resize(box.width, box.height, { fit: 'fill', kernel: 'cubic' }).png().toBuffer();
        return { input, left: box.left, top: box.top };
      }),
  );
  const blurred = overlays.length === 0 ? png : await sharp(png).composite(overlays).png().toBuffer();
  const crop = parts.findLast(({ how }) => how === 'crop');
  const kept = crop === undefined ? sharp(blurred) : sharp(blurred).extract(boxOf(crop, size));
  return new Uint8Array(await kept.png().toBuffer());
}

function boxOf({ x, y, width, height }: Part, size: Size) {
  const left = Math.min(size.width - 1, Math.floor(x * size.width));
  const top = Math.min(size.height - 1, Math.floor(y * size.height));
  return {
    left,
    top,
    width: Math.max(1, Math.min(size.width - left, Math.ceil(width * size.width))),
    height: Math.max(1, Math.min(size.height - top, Math.ceil(height * size.height))),
  };
}
