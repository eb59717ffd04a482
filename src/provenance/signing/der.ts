/** One element of DER (ITU-T X.690 §8, §10). Both are views into the bytes that it was read from. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly raw: Uint8Array;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** More than any certificate or time-stamp has in one place; a bound for hostile input. */
const MAX_CHILDREN = 256;

/**
 * The one element that `bytes` are. Strict: definite and shortest lengths, tags of one byte, nothing after the end.
 * @throws RangeError for anything else, or when the tag is not `tag`
 */
export function readDer(bytes: Uint8Array, tag?: number): DerElement {
  const element = elementAt(bytes, 0);
  if (element.raw.length !== bytes.length) throw new RangeError('DER element has trailing bytes');
  if (tag !== undefined && element.tag !== tag) throw new RangeError(`DER tag ${element.tag} where ${tag} is due`);
  return element;
}

/** The elements inside a constructed element. @throws RangeError when they do not fill it exactly, or are too many */
export function childrenOf({ content }: DerElement): readonly DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < content.length; ) {
    if (children.length === MAX_CHILDREN) throw new RangeError('DER element has too many children');
    const child = elementAt(content, at);
    children.push(child);
    at += child.raw.length;
  }
  return children;
}

/** Takes elements one after the other, as an ASN.1 SEQUENCE lists them. */
export class DerCursor {
  readonly #elements: readonly DerElement[];
  #at = 0;

  constructor(sequence: DerElement) {
    this.#elements = childrenOf(sequence);
  }

  /** The next element. @throws RangeError when there is none, or it has another tag */
  take(tag: number): DerElement {
    const found = this.takeOptional(tag);
    if (found === null) throw new RangeError(`DER element with tag ${tag} is missing`);
    return found;
  }

  /** The next element if it has this tag. */
  takeOptional(tag: number): DerElement | null {
    const next = this.#elements[this.#at];
    if (next?.tag !== tag) return null;
    this.#at++;
    return next;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#elements.length;
  }

  /** The next element whatever it is. @throws RangeError at the end */
  takeAny(): DerElement {
    const next = this.#elements[this.#at++];
    if (next === undefined) throw new RangeError('DER sequence ends early');
    return next;
  }
}

/** Object identifier in dotted form. @throws RangeError when it is none */
export function oidOf({ tag, content }: DerElement): string {
  if (tag !== TAG.oid || content.length === 0 || content.length > 64) throw new RangeError('not an object identifier');
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(value)) throw new RangeError('object identifier is too large');
    if (byte < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  if ((content.at(-1) ?? 0) >= 0x80) throw new RangeError('object identifier ends early');
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** @throws RangeError when it is negative or above 2^31 */
export function smallInteger({ tag, content }: DerElement): number {
  if (tag !== TAG.integer || content.length === 0 || content.length > 4 || (content[0] ?? 0) > 0x7f)
    throw new RangeError('not a small integer');
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Encodes one element round its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length > 0xffff) throw new RangeError('DER element is too long to write');
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), content]);
}

/** @param dotted such as `1.2.840.10045.4.3.2` */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return der(TAG.oid, Uint8Array.from(bytes));
}

function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new RangeError('not DER');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3) throw new RangeError('DER length is indefinite or too large');
  const start = at + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  const shortest = lengthBytes === 0 || (length > 0x7f && length >= 256 ** (lengthBytes - 1));
  if (!shortest || start + length > bytes.length) throw new RangeError('DER length is not the shortest, or reaches past the end');
  return { tag, content: bytes.subarray(start, start + length), raw: bytes.subarray(at, start + length) };
}
