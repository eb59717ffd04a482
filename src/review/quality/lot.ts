import { createHmac } from 'node:crypto';

/** A number from 0 up to 1, drawn for a subject: always the same for whoever has the key, and nobody else's guess. */
export type Lot = (purpose: string, subject: string) => number;

/**
 * Lots that no reviewer can foresee: keyed, so that knowing a case's id says nothing, and the same in every process, so that a repeated transaction
 * draws no second time.
 */
export function createLot(key: Uint8Array): Lot {
  // Another use of the same key must not give the same bytes.
  const own = createHmac('sha256', key).update('imprimatur review lots').digest();
  return (purpose, subject) => createHmac('sha256', own).update(`${purpose}\0${subject}`).digest().readUIntBE(0, 6) / 2 ** 48;
}
