import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Crockford base 32: no letter that looks like a digit, so that people can read it to somebody on the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECEIPT_CHARS = 10;
const SECRET_CHARS = 20;

/** A number for each report, which may be shown, and a secret that opens its page; 100 bits, of which only a hash is kept. */
export interface Receipt {
  readonly receipt: string;
  readonly secret: string;
  readonly secretHash: Buffer;
}

export function newReceipt(): Receipt {
  const [receipt, secret] = [randomText(RECEIPT_CHARS), randomText(SECRET_CHARS)];
  return { receipt: grouped(receipt), secret: grouped(secret), secretHash: hashOf(secret) };
}

/** As people write it: any case, with or without dashes, O for 0 and I or L for 1. Null: it cannot be one. */
export function readReceipt(text: string): string | null {
  const plain = plainOf(text);
  return plain.length === RECEIPT_CHARS ? grouped(plain) : null;
}

export function isSecret(text: string, secretHash: Uint8Array): boolean {
  const plain = plainOf(text);
  return plain.length === SECRET_CHARS && timingSafeEqual(hashOf(plain), secretHash);
}

function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte & 31)).join('');
}

function grouped(text: string): string {
  return text.match(/.{5}/g)?.join('-') ?? text;
}

function plainOf(text: string): string {
  return text
    .slice(0, 64)
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, '');
}

/** A secret has 100 random bits: a slow hash would add nothing. */
function hashOf(plain: string): Buffer {
  return createHash('sha256').update(plain).digest();
}
