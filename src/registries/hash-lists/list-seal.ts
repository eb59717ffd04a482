import { createHash, type Hash } from 'node:crypto';
import { type PackTrust, whyDistrusted } from '../../prompts/gazetteers/trusted-pack.ts';
import type { HashEntry } from './hash-entry.ts';
import { csvRow } from './write-rows.ts';

/** SHA-256 over a list in our CSV form, whatever form it came in: what `imprimatur lists export --format csv` writes has this digest. */
export class ListDigest {
  readonly #hash: Hash = createHash('sha256');

  add(entries: readonly HashEntry[]): void {
    this.#hash.update(entries.map((entry) => `${csvRow(entry)}\n`).join(''));
  }

  /** Hex; the last call. */
  finish(): string {
    return this.#hash.digest('hex');
  }
}

/** The text that the owner of a list signs (Ed25519): a list under another name, or with another row, has another one. */
export function listStatement(name: string, digest: string): string {
  return `imprimatur-hash-list ${name} sha256:${digest}\n`;
}

interface Sealed {
  readonly name: string;
  readonly digest: string;
  /** 64 bytes. */
  readonly signature: Uint8Array | undefined;
}

/** Why a list is not taken; undefined when it is. A signature that nobody can check is worth nothing, so it is refused, too. */
export function whyListDistrusted({ name, digest, signature }: Sealed, trust: PackTrust): string | undefined {
  if (signature !== undefined && trust.publicKeys.length === 0) return 'the list is signed, but no public key is configured';
  return whyDistrusted({ content: Buffer.from(listStatement(name, digest)), signature, what: 'list' }, trust);
}
