import { ByteView } from './byte-view.ts';
import type { ContainerFormat } from './container-report.ts';

/** How far into a file the root element of an SVG may start: room for a prolog, comments and a licence. */
const SVG_PROLOG_BYTES = 4096;

const AVIF_BRANDS = new Set(['avif', 'avis']);

/** Container format by its first bytes; what the sender called the file does not count. `undefined` when it is none of ours. */
export function sniffFormat(bytes: Uint8Array): ContainerFormat | undefined {
  const view = new ByteView(bytes);
  if (view.has(0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (view.has(0, '\xff\xd8\xff')) return 'jpeg';
  if (view.has(0, 'GIF87a') || view.has(0, 'GIF89a')) return 'gif';
  if (view.has(0, 'RIFF') && view.has(8, 'WEBP')) return 'webp';
  if (view.has(0, 'II*\0') || view.has(0, 'MM\0*')) return 'tiff';
  if (isAvif(view)) return 'avif';
  if (view.has(0, 'BM') && view.length >= 26) return 'bmp';
  return looksLikeSvg(view) ? 'svg' : undefined;
}

function isAvif(view: ByteView): boolean {
  if (!view.has(4, 'ftyp') || view.length < 16) return false;
  const end = Math.min(view.u32be(0), view.length, 256);
  if (AVIF_BRANDS.has(view.latin1(8, 4))) return true;
  for (let at = 16; at + 4 <= end; at += 4) if (AVIF_BRANDS.has(view.latin1(at, 4))) return true;
  return false;
}

function looksLikeSvg(view: ByteView): boolean {
  const head = decodeHead(view.bytes.subarray(0, SVG_PROLOG_BYTES)).trimStart();
  return head.startsWith('<') && /<(?:[A-Za-z_][\w.-]*:)?svg[\s>/]/.test(head) && !/^<(?:!doctype\s+html|html)/i.test(head);
}

function decodeHead(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder('utf-16be').decode(head);
  return new TextDecoder('utf-8').decode(head);
}
