import { createHmac } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { type CanonicalJson, canonicalJson } from './canonical-json.ts';
import { checkEntrySize } from './entry-bundle.ts';

/** What happened, when, and the facts of it. Personal data appear only as `commitment`s. */
export interface LedgerEntry {
  readonly v: 1;
  /** A stable word such as `decision.made`. */
  readonly kind: string;
  /** ISO 8601, milliseconds, UTC: `2026-11-21T12:00:00.000Z`. */
  readonly at: string;
  readonly [fact: string]: CanonicalJson;
}

/** Salts shorter than this could be guessed together with the value. */
const MIN_SALT_BYTES = 16;

function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/**
 * The bytes that become a leaf: canonical JSON (RFC 8785) in UTF-8, at most 65,535 bytes. Throws INTERNAL when the entry is
 * too large, `at` is not an instant, or a value has no canonical form; the message names the place, never the value.
 */
export function encodeEntry(entry: LedgerEntry): Uint8Array {
  if (entry.v !== 1 || entry.kind === '' || !isInstant(entry.at)) {
    throw new ImprimaturError('INTERNAL', { detail: 'a ledger entry needs v 1, a kind and an instant' });
  }
  const bytes = Buffer.from(canonicalJson(entry));
  checkEntrySize(bytes);
  return bytes;
}

/**
 * Stands in the ledger for a personal datum: `hmac-sha256:<hex>` keyed with a random salt that is stored beside the datum.
 * With the salt anyone can check the datum against the log; once the salt is deleted the digest says nothing about it, and
 * every proof still holds. Throws INTERNAL when the salt has fewer than 16 bytes.
 */
export function commitment(salt: Uint8Array, value: Uint8Array | string): string {
  if (salt.length < MIN_SALT_BYTES) throw new ImprimaturError('INTERNAL', { detail: `commitment salt of ${salt.length} bytes` });
  return `hmac-sha256:${createHmac('sha256', salt).update(value).digest('hex')}`;
}
