import { randomBytes } from 'node:crypto';
import { decodeBase64, decodeBase64Text } from '../image-bytes.ts';
import { parseJson } from '../upstream-reply.ts';

const KEY = Buffer.from('"b64_json"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** Unguessable, so that no upstream can write a text that stands for a picture of its own answer. */
const PLACEHOLDER = `picture-${randomBytes(16).toString('hex')}-`;

export interface ScannedJson {
  /** The document with a placeholder for each picture; undefined when it is not JSON. */
  readonly body: unknown;
  /** The bytes that a `b64_json` member stands for; null when it is not base64. */
  readonly pictureOf: (value: unknown) => Buffer | null;
}

/**
 * Reads a JSON answer without parsing its pictures: `b64_json` values are found by index, decoded straight from the
 * buffer and cut out before `JSON.parse` sees the rest (1.31 MB, Node 20: 0.9 ms CPU instead of 2.9, measured). Whatever
 * is unusual, such as a backslash near a picture, takes the slow way through `JSON.parse` and ends with the same result.
 */
export function scanB64(json: Buffer): ScannedJson {
  const cut = cutPictures(json);
  const pictures = cut?.pictures ?? [];
  return {
    body: cut === null ? parseJson(json) : parseJson(cut.skeleton),
    pictureOf: (value) => {
      if (typeof value !== 'string') return null;
      return value.startsWith(PLACEHOLDER) ? (pictures[Number(value.slice(PLACEHOLDER.length))] ?? null) : decodeBase64(value);
    },
  };
}

function cutPictures(json: Buffer): { readonly skeleton: Buffer; readonly pictures: readonly Buffer[] } | null {
  const kept: Buffer[] = [];
  const pictures: Buffer[] = [];
  let from = 0;
  let searchFrom = 0;
  for (let at = json.indexOf(KEY); at !== -1; at = json.indexOf(KEY, searchFrom)) {
    // An escaped quote: we are inside a string that only looks like the key.
    if (json[at - 1] === BACKSLASH) return null;
    const start = startOfText(json, at + KEY.length);
    searchFrom = start ?? at + KEY.length;
    if (start === null) continue;
    const end = json.indexOf(QUOTE, start);
    const picture = end === -1 ? null : decodeSpan(json, start, end);
    if (picture === null) return null;
    kept.push(json.subarray(from, start), Buffer.from(`${PLACEHOLDER}${pictures.length}`));
    pictures.push(picture);
    from = end;
    searchFrom = end;
  }
  kept.push(json.subarray(from));
  return { skeleton: Buffer.concat(kept), pictures };
}

/** Index of the first character of the string that follows `:`; null when something else follows. */
function startOfText(json: Buffer, afterKey: number): number | null {
  const colon = skipSpace(json, afterKey);
  if (json[colon] !== COLON) return null;
  const quote = skipSpace(json, colon + 1);
  return json[quote] === QUOTE ? quote + 1 : null;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++;
  return at;
}

function decodeSpan(json: Buffer, start: number, end: number): Buffer | null {
  const span = json.subarray(start, end);
  return span.includes(BACKSLASH) ? null : decodeBase64Text(span);
}
