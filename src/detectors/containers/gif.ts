import { type ByteView, TruncatedFile } from './byte-view.ts';
import type { ContainerReport } from './container-report.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmp } from './xmp.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
const XMP = 'XMP DataXMP';

/** Reads the block list of a GIF (GIF89a, appendix A): every frame is counted, whatever the file says elsewhere. */
export function readGif(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  let widthPx = view.u16le(6);
  let heightPx = view.u16le(8);
  let frames = 0;
  let at = 13 + colorTableBytes(view.u8(10));
  for (;;) {
    const block = view.u8(at);
    if (block === TRAILER) break;
    if (block === IMAGE) {
      frames += 1;
      // Decoders grow the canvas to hold a frame that reaches beyond the logical screen.
      widthPx = Math.max(widthPx, view.u16le(at + 1) + view.u16le(at + 5));
      heightPx = Math.max(heightPx, view.u16le(at + 3) + view.u16le(at + 7));
      at = endOfSubBlocks(view, at + 11 + colorTableBytes(view.u8(at + 9)));
    } else if (block === EXTENSION) {
      const end = endOfSubBlocks(view, at + 2);
      collectExtension(view, at, end, collector);
      at = end;
    } else throw new TruncatedFile();
  }
  return {
    format: 'gif',
    widthPx,
    heightPx,
    frames,
    endOffset: at + 1,
    problems: collector.problems,
    texts: collector.texts,
    labeled: collector.labeled,
  };
}

function colorTableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function endOfSubBlocks(view: ByteView, from: number): number {
  let at = from;
  for (let length = view.u8(at); length !== 0; length = view.u8(at)) at += 1 + length;
  return at + 1;
}

function collectExtension(view: ByteView, at: number, end: number, collector: TextCollector): void {
  const label = view.u8(at + 1);
  const raw = () => view.bytes.subarray(at + 2, Math.min(end, at + 2 + 65_536));
  if (label === COMMENT) collector.add(withoutLengths(raw()).toString('utf8'), 'gif:comment');
  else if (label === APPLICATION && view.has(at + 3, XMP)) collectXmp(packetIn(raw().toString('utf8')), collector);
}

/** Between its identifier and the ramp of bytes that leads decoders to the end of the block (XMP specification part 3, §1.1.2). */
function packetIn(block: string): string {
  return block.slice(1 + XMP.length, block.lastIndexOf('>') + 1);
}

function withoutLengths(blocks: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < blocks.length; at += 1 + (blocks[at] ?? 0)) parts.push(blocks.subarray(at + 1, at + 1 + (blocks[at] ?? 0)));
  return Buffer.concat(parts);
}
