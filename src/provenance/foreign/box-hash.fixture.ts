import { createHash } from 'node:crypto';

const NAMES: Readonly<Record<number, string>> = { 216: 'SOI', 217: 'EOI', 218: 'SOS', 219: 'DQT', 196: 'DHT' };
const [SOI, SOS, EOI] = [0xd8, 0xda, 0xd9];

interface Segment {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The segments of a baseline JPEG in order; the scan belongs to its `SOS`. */
function segmentsOf(jpeg: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let at = 0; at < jpeg.length; ) {
    const marker = jpeg[at + 1] ?? 0;
    const length = marker === SOI || marker === EOI ? 0 : (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
    let end = at + 2 + length;
    // 0xff in a scan is followed by 0, or is a restart marker.
    while (marker === SOS && end < jpeg.length && !(jpeg[end] === 0xff && jpeg[end + 1] === EOI)) end++;
    segments.push({ name: NAMES[marker] ?? (marker >= 0xe0 ? `APP${marker & 15}` : `SOF${marker & 15}`), bytes: jpeg.subarray(at, end) });
    at = end;
  }
  return segments;
}

/** `c2pa.hash.boxes` (C2PA 2.4 §18.7) for a JPEG into which the engine will put the credential right after its start. */
export function boxHashAssertion(jpeg: Uint8Array) {
  const [start, ...rest] = segmentsOf(jpeg).map(({ name, bytes }) => ({
    names: [name],
    hash: [...createHash('sha256').update(bytes).digest()],
    pad: [],
  }));
  return { label: 'c2pa.hash.boxes', data: { alg: 'sha256', boxes: [start, { names: ['C2PA'], hash: [0], pad: [] }, ...rest] } };
}
