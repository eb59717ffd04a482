import { bytesOf } from './bytes.ts';
import { isSame } from './merkle-path.ts';

/** The tree that a key vouches for. */
interface TreeHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array<ArrayBuffer>;
}

/** `unknown`: this browser has no Ed25519. */
export type Signed = 'yes' | 'no' | 'unknown';

/** The three lines of a checkpoint (C2SP tlog-checkpoint), or null. */
export function treeHeadOf(note: string): TreeHead | null {
  const [origin = '', size = '', root = ''] = note.split('\n');
  const bytes = bytesOf(root);
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || bytes?.length !== 32) return null;
  return { origin, size: Number(size), root: bytes };
}

/** Whether the note bears a good signature of this key, both in C2SP's signed-note form. */
export async function isSignedBy(note: string, verifierKey: string): Promise<Signed> {
  const key = parseKey(verifierKey);
  const end = note.lastIndexOf('\n\n');
  if (key === null || end === -1) return 'no';
  const text = new TextEncoder().encode(note.slice(0, end + 1));
  for (const line of note.slice(end + 2).split('\n')) {
    const [, name, signature] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = bytesOf(signature ?? '');
    if (name !== key.name || bytes?.length !== 68 || !isSame(bytes.subarray(0, 4), key.id)) continue;
    return verify(key.publicKey, bytes.slice(4), text);
  }
  return 'no';
}

/** `name+hash+base64(1 ‖ 32 bytes)`. Base64 may hold a plus of its own. */
function parseKey(text: string): { name: string; id: Uint8Array; publicKey: Uint8Array<ArrayBuffer> } | null {
  const [name = '', hash = '', ...rest] = text.trim().split('+');
  const raw = bytesOf(rest.join('+'));
  if (name === '' || !/^[0-9a-f]{8}$/.test(hash) || raw?.length !== 33 || raw[0] !== 1) return null;
  const id = Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return { name, id, publicKey: raw.slice(1) };
}

async function verify(
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  text: Uint8Array<ArrayBuffer>,
): Promise<Signed> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return (await crypto.subtle.verify('Ed25519', key, signature, text)) ? 'yes' : 'no';
  } catch {
    return 'unknown';
  }
}
