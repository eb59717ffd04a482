import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import type { KeyWrapper } from './key-wrapper.ts';

export const MASTER_KEY_BYTES = 32;
const ALGORITHM = 'id-aes256-wrap';
/** The default initial value of RFC 3394 §2.2.3.1. It is what unwrapping checks, so wrapping needs no nonce that could repeat. */
const INITIAL_VALUE = Buffer.alloc(8, 0xa6);

/**
 * Wraps with a master key in this process's memory, by AES-256 key wrap (RFC 3394). To rotate, give the new key as `current` and the old
 * ones as `previous`: new objects use the new key, old objects stay readable.
 *
 * @throws ImprimaturError CONFIG_INVALID when a key is not 32 bytes long.
 */
export function createLocalKeyWrapper({
  current,
  previous = [],
}: {
  readonly current: Uint8Array;
  readonly previous?: readonly Uint8Array[];
}): KeyWrapper {
  const keys = new Map([current, ...previous].map((key) => [keyIdOf(key), Buffer.from(key)]));
  const own = Buffer.from(current);
  return {
    keyId: keyIdOf(current),
    async wrap(dataKey) {
      const cipher = createCipheriv(ALGORITHM, own, INITIAL_VALUE);
      return Buffer.concat([cipher.update(dataKey), cipher.final()]);
    },
    async unwrap(keyId, wrapped) {
      const key = keys.get(keyId);
      if (key === undefined) {
        throw new ImprimaturError('EVIDENCE_UNREADABLE', {
          detail: `Sealed under a master key that is not loaded: ${JSON.stringify(keyId)}.`,
        });
      }
      return unwrapWith(key, wrapped);
    },
  };
}

function unwrapWith(key: Uint8Array, wrapped: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, INITIAL_VALUE);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch (cause) {
    throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: 'The data key does not unwrap: the object was changed.', cause });
  }
}

/** Names a key without saying anything about it: 64 bits of an HMAC under the key itself. */
function keyIdOf(key: Uint8Array): string {
  if (key.length !== MASTER_KEY_BYTES) {
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: `The evidence master key has ${key.length} bytes instead of ${MASTER_KEY_BYTES}.`,
    });
  }
  return `local:${createHmac('sha256', key).update('imprimatur evidence master key id').digest('hex').slice(0, 16)}`;
}
