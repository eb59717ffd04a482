/**
 * 64 bits as 16 lower-case hexadecimal digits. The mark carries any 64 bits; `packPayload` gives them the meaning that
 * the gateway uses.
 */
export type Payload = string;

const PAYLOAD = /^[0-9a-f]{16}$/;

export function isPayload(text: string): boolean {
  return PAYLOAD.test(text);
}

/** What the digits say: `v iii ee rrrrrrrrrr`, most significant first. */
export interface PayloadFields {
  /** Of this layout, 0–15. 1: `record` names a published artifact. 2: `record` names one view of a reviewer. */
  readonly version: number;
  /** Who published, 0–4095: a tenant of the platform. One key serves all, because a search costs the same for every key. */
  readonly issuer: number;
  /** Epoch of the key, modulo 256. */
  readonly epoch: number;
  /** 0 to 2^40 − 1. Drawn at random and unique in the records of the issuer, so it tells a stranger nothing. */
  readonly record: bigint;
}

/** @throws RangeError when a field does not fit */
export function packPayload({ version, issuer, epoch, record }: PayloadFields): Payload {
  return hex(BigInt(version), 1) + hex(BigInt(issuer), 3) + hex(BigInt(epoch), 2) + hex(record, 10);
}

/** @throws RangeError when `payload` is not 16 lower-case hexadecimal digits */
export function unpackPayload(payload: Payload): PayloadFields {
  if (!isPayload(payload)) throw new RangeError('a payload is 16 lower-case hexadecimal digits');
  const part = (from: number, to: number) => Number.parseInt(payload.slice(from, to), 16);
  return { version: part(0, 1), issuer: part(1, 4), epoch: part(4, 6), record: BigInt(`0x${payload.slice(6)}`) };
}

function hex(value: bigint, digits: number): string {
  const text = value.toString(16);
  if (value < 0n || text.length > digits) throw new RangeError(`a field of the payload needs more than ${digits} hexadecimal digits`);
  return text.padStart(digits, '0');
}
