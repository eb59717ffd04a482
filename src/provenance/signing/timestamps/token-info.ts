import { DerCursor, type DerElement, oidOf, readDer, smallInteger, TAG } from '../der.ts';

export const ID_TST_INFO = '1.2.840.113549.1.9.16.1.4';
const UTC_TIME = 0x17;

/** What the authority says (RFC 3161 §2.4.2). */
export interface TokenInfo {
  readonly hashAlgorithm: string;
  readonly imprint: Uint8Array;
  readonly at: Date;
  /** Content of the INTEGER, or null when there is none. */
  readonly nonce: Uint8Array | null;
}

/** @throws RangeError when it is not a TSTInfo of version 1 */
export function readTokenInfo(der: Uint8Array): TokenInfo {
  const info = new DerCursor(readDer(der, TAG.sequence));
  if (smallInteger(info.take(TAG.integer)) !== 1) throw new RangeError('TSTInfo is not of version 1');
  info.take(TAG.oid);
  const messageImprint = new DerCursor(info.take(TAG.sequence));
  const hashAlgorithm = oidOf(new DerCursor(messageImprint.take(TAG.sequence)).take(TAG.oid));
  const imprint = messageImprint.take(TAG.octetString).content;
  info.take(TAG.integer);
  const at = readTime(info.take(TAG.generalizedTime));
  info.takeOptional(TAG.sequence);
  info.takeOptional(TAG.boolean);
  return { hashAlgorithm, imprint, at, nonce: info.takeOptional(TAG.integer)?.content ?? null };
}

/** GeneralizedTime or UTCTime in UTC, as DER wants them (X.690 §11.7, §11.8). @throws RangeError */
export function readTime({ tag, content }: DerElement): Date {
  const text = Buffer.from(content).toString('latin1');
  const full = tag === UTC_TIME ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(full);
  const at = new Date(
    parts === null ? Number.NaN : Date.parse(`${parts.slice(1, 4).join('-')}T${parts.slice(4, 7).join(':')}${parts[7] ?? ''}Z`),
  );
  if (Number.isNaN(at.getTime())) throw new RangeError('not a time in UTC');
  return at;
}
