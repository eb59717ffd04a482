import { gunzipSync } from 'node:zlib';
import type { LabeledText } from '../../detectors/containers/container-report.ts';
import type { Raster } from './dwt-dct.ts';

/** Marks that open hidden metadata, all of 15 characters: in the lowest bit of alpha, or of red, green and blue; plain or gzip. */
const MARKS: Readonly<Record<string, { readonly from: 'alpha' | 'rgb'; readonly isCompressed: boolean }>> = {
  stealth_pnginfo: { from: 'alpha', isCompressed: false },
  stealth_pngcomp: { from: 'alpha', isCompressed: true },
  stealth_rgbinfo: { from: 'rgb', isCompressed: false },
  stealth_rgbcomp: { from: 'rgb', isCompressed: true },
};
const MARK_BYTES = 15;
const MAX_HIDDEN_BYTES = 262_144;
const MAX_TEXT_BYTES = 524_288;

/**
 * Metadata that NovelAI and others hide in the lowest bits of the pixels, column by column, so that it outlives programs that drop text
 * fields: a mark, the length in bits (32, big-endian), then JSON or text. Bounded; whatever does not fit the form is nothing.
 */
export function readHiddenMetadata(raster: Raster): LabeledText[] {
  return (['alpha', 'rgb'] as const).flatMap((from) => {
    if (from === 'alpha' && raster.channels !== 4) return [];
    const mark = MARKS[bytesAt(raster, from, 0, MARK_BYTES).toString('latin1')];
    if (mark?.from !== from) return [];
    const length = bytesAt(raster, from, MARK_BYTES, 4).readUInt32BE() / 8;
    if (length === 0 || !Number.isInteger(length) || length > MAX_HIDDEN_BYTES) return [{ label: 'alpha:stealth', text: '' }];
    const payload = bytesAt(raster, from, MARK_BYTES + 4, length);
    return [{ label: 'alpha:stealth', text: mark.isCompressed ? unpack(payload) : payload.toString('utf8') }];
  });
}

function unpack(payload: Buffer): string {
  try {
    return gunzipSync(payload, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8');
  } catch {
    return '';
  }
}

/** `length` bytes from the lowest bits, beginning with byte `start`; zeros beyond the picture. */
function bytesAt(raster: Raster, from: 'alpha' | 'rgb', start: number, length: number): Buffer {
  const out = Buffer.alloc(length);
  for (let i = 0; i < length * 8; i++) {
    const bit = from === 'alpha' ? alphaBit(raster, start * 8 + i) : colorBit(raster, start * 8 + i);
    out[i >> 3] = ((out[i >> 3] ?? 0) << 1) | bit;
  }
  return out;
}

function alphaBit({ data, width, height, channels }: Raster, index: number): number {
  const x = Math.floor(index / height);
  return x >= width ? 0 : (data[((index % height) * width + x) * channels + 3] ?? 0) & 1;
}

function colorBit({ data, width, height, channels }: Raster, index: number): number {
  const pixel = Math.floor(index / 3);
  const x = Math.floor(pixel / height);
  return x >= width ? 0 : (data[((pixel % height) * width + x) * channels + (index % 3)] ?? 0) & 1;
}
