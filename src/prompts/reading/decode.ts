import { type SourceText, SourceWriter } from './source-text.ts';

/** Encodings within encodings are taken off this often; what is still encoded then is read as it stands. */
const MAX_LAYERS = 5;
/** Anything that one of the encodings needs; most texts have nothing of it, and need not be searched in earnest. */
const MAYBE_ENCODED = /&[#a-zA-Z]|%[0-9a-fA-F]{2}|\\[uUx]|U\+|[0-9a-fA-F]{8}|[0-9a-fA-F]{2} (?:0x)?[0-9a-fA-F]{2} /;
const MAYBE_BASE64 = /[A-Za-z0-9+/_-]{10}/;
const ENCODED =
  /&#(\d{1,7});?|&#[xX]([0-9a-fA-F]{1,6});?|&([a-zA-Z]{2,8});|((?:%[0-9a-fA-F]{2})+)|(?:\\[uU]|U\+)([0-9a-fA-F]{4})|\\u\{([0-9a-fA-F]{1,6})\}|\\x([0-9a-fA-F]{2})|(?<![A-Za-z0-9+/_-])((?:0x)?(?:[0-9a-fA-F]{2}){4,}|(?:0x)?[0-9a-fA-F]{2}(?: (?:0x)?[0-9a-fA-F]{2}){3,})(?![A-Za-z0-9+/_=-])|((?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{10,}={0,2})/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', zwnj: '', zwj: '' };

/**
 * Takes off HTML entities, URL escapes, `\u` escapes, hexadecimal and base64, one layer after another. A layer never makes the text
 * longer, and there are few of them, so work stays linear whatever the text holds. `isText` says whether the content of
 * something that looks like base64 is worth reading.
 */
export function decode(source: SourceText, isText: (content: string) => boolean): SourceText {
  let read = source;
  for (let layer = 0; layer < MAX_LAYERS && mayBeEncoded(read.text); layer++) {
    const next = decodeLayer(read, isText);
    if (next === undefined) break;
    read = next;
  }
  return read;
}

function mayBeEncoded(text: string): boolean {
  return MAYBE_ENCODED.test(text) || (CAPITAL.test(text) && MAYBE_BASE64.test(text));
}

function decodeLayer(source: SourceText, isText: (content: string) => boolean): SourceText | undefined {
  let writer: SourceWriter | undefined;
  let copied = 0;
  for (const match of source.text.matchAll(ENCODED)) {
    const parts = partsOf(match, isText);
    if (parts === undefined) continue;
    writer ??= new SourceWriter(source);
    writer.copy(copied, match.index);
    for (const { text, from, to } of parts) writer.put(text, match.index + from, match.index + to);
    copied = match.index + match[0].length;
    writer.note('encoding', match.index, copied);
  }
  writer?.copy(copied, source.text.length);
  return writer?.finish();
}

/** Decoded text with the range of the match that it stands for. */
interface Part {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function partsOf(match: RegExpExecArray, isText: (content: string) => boolean): Part[] | undefined {
  const [whole, decimal, hex, name, percent, short, braced, byte, dump, base64] = match;
  if (percent !== undefined) return percentParts(percent);
  if (dump !== undefined) return dumpParts(dump, isText) ?? (base64Shape.test(dump) ? base64Parts(dump, isText) : undefined);
  if (base64 !== undefined) return base64Parts(base64, isText);
  const text = name === undefined ? charOf(decimal, hex ?? short ?? braced ?? byte) : NAMED[name.toLowerCase()];
  return text === undefined ? undefined : [{ text, from: 0, to: whole.length }];
}

function charOf(decimal: string | undefined, hex: string | undefined): string | undefined {
  const codePoint = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : undefined;
}

/** URL escapes hold UTF-8; what is not valid there becomes a replacement character. */
function percentParts(escapes: string): Part[] {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const size = Math.min(lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4, bytes.length - at);
    parts.push({ text: bytes.subarray(at, at + size).toString('utf8'), from: at * 3, to: (at + size) * 3 });
    at += size;
  }
  return parts;
}

const base64Shape = /^[A-Za-z0-9]{10,}$/;

/** Bytes in hexadecimal, with or without spaces between them. */
function dumpParts(dump: string, isText: (content: string) => boolean): Part[] | undefined {
  const places = Array.from(dump.matchAll(/(?<!0(?=x))[0-9a-fA-F]{2}/g), ({ index }) => index);
  const bytes = Buffer.from(dump.replace(/0x| /g, ''), 'hex');
  const content = validUtf8(bytes);
  if (content === undefined || !isText(content)) return undefined;
  const parts: Part[] = [];
  let byte = 0;
  for (const char of content) {
    const last = byte + Buffer.byteLength(char) - 1;
    parts.push({ text: char, from: places[byte] ?? 0, to: (places[last] ?? 0) + 2 });
    byte = last + 1;
  }
  return parts;
}

const CAPITAL = /[A-Z]/;
const SMALL = /[a-z0-9]/;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function base64Parts(token: string, isText: (content: string) => boolean): Part[] | undefined {
  // The canonical text has no capitals, so it is never decoded again.
  if (!CAPITAL.test(token) || !SMALL.test(token)) return undefined;
  const content = validUtf8(Buffer.from(token, 'base64'));
  if (content === undefined || !isText(content)) return undefined;
  const parts: Part[] = [];
  let byte = 0;
  for (const char of content) {
    const last = byte + Buffer.byteLength(char);
    parts.push({ text: char, from: Math.floor((byte * 8) / 6), to: Math.min(Math.ceil((last * 8) / 6), token.length) });
    byte = last;
  }
  return parts;
}

function validUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
