import type { TextCollector } from './text-collector.ts';

const PACKET_START = '<x:xmpmeta';
const PACKET_END = '</x:xmpmeta>';
const MAX_PACKET_CHARS = 262_144;

/**
 * Collects the text of an XMP packet (ISO 16684-1): all element content, and `dc:description` and `dc:title` where they
 * are written as attributes. No XML parser: entities other than the five predefined ones stay as they stand.
 */
export function collectXmp(packet: string, collector: TextCollector): void {
  const bounded = packet.slice(0, MAX_PACKET_CHARS);
  collector.note('xmp:packet', bounded);
  collector.add(unescapeXml(contentOf(bounded)));
  for (const attribute of ['dc:description="', 'dc:title="', "dc:description='", "dc:title='"]) {
    const from = bounded.indexOf(attribute);
    if (from < 0) continue;
    const start = from + attribute.length;
    const end = bounded.indexOf(attribute.slice(-1), start);
    collector.add(unescapeXml(bounded.slice(start, end < 0 ? start : end)));
  }
}

/** Finds an uncompressed packet in any container whose own structure is not worth walking for it. */
export function collectXmpAnywhere(bytes: Buffer, collector: TextCollector): void {
  const start = bytes.indexOf(PACKET_START, 0, 'latin1');
  if (start < 0) return;
  const end = bytes.indexOf(PACKET_END, start, 'latin1');
  collectXmp(
    bytes.toString('utf8', start, end < 0 ? Math.min(bytes.length, start + MAX_PACKET_CHARS) : end + PACKET_END.length),
    collector,
  );
}

function contentOf(xml: string): string {
  let content = '';
  for (let at = 0; at < xml.length; ) {
    const open = xml.indexOf('<', at);
    content += `${xml.slice(at, open < 0 ? xml.length : open).trim()} `;
    if (open < 0) break;
    const close = xml.indexOf('>', open);
    if (close < 0) break;
    at = close + 1;
  }
  return content.replace(/\s+/g, ' ');
}

/** Replaces the five predefined entities and numeric references. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? whole;
    const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
