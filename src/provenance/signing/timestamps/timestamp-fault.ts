/**
 * What can go wrong at a time-stamp authority. `refused`: it said so itself. `resting`: it failed too often lately and is left alone.
 * `untrusted`: a sound answer by somebody who does not lead to the configured anchors. `does-not-fit`: larger than the space reserved.
 */
export const TIMESTAMP_FAULTS = [
  'unreachable',
  'timed-out',
  'http-status',
  'not-a-response',
  'refused',
  'wrong-imprint',
  'wrong-nonce',
  'wrong-clock',
  'wrong-certificate',
  'bad-signature',
  'untrusted',
  'does-not-fit',
  'resting',
] as const;
export type TimestampFaultKind = (typeof TIMESTAMP_FAULTS)[number];

/** Thrown while an answer is read; `timestamper` makes a value of it. The text names no bytes of the answer. */
export class TimestampFault extends Error {
  override readonly name = 'TimestampFault';
  readonly kind: TimestampFaultKind;

  constructor(kind: TimestampFaultKind, detail: string) {
    super(`${kind}: ${detail}`);
    this.kind = kind;
  }
}
