import { sessionFetch } from '../api/client.ts';
import { bytesOf, hexOf } from './bytes.ts';
import { isSame, leafHash, rootFrom } from './merkle-path.ts';
import { isSignedBy, type Signed, treeHeadOf } from './signed-note.ts';

/** What this browser found out by itself about one entry of the ledger. */
export type Checked =
  | {
      readonly kind: 'holds';
      readonly index: number;
      readonly size: number;
      readonly hashes: number;
      readonly signed: Exclude<Signed, 'no'>;
      readonly keyName: string;
      /** Not the key that this browser saw first. */
      readonly isNewKey: boolean;
      /** As it stands in the ledger: canonical JSON of ids. */
      readonly entry: string;
    }
  | { readonly kind: 'wrong'; readonly step: 'form' | 'entry' | 'path' | 'signature' }
  /** The tree that is signed does not have it yet. */
  | { readonly kind: 'soon' }
  | { readonly kind: 'unreachable' };

const KEY_PLACE = 'imprimatur.ledger-key';

/**
 * Checks an entry from its bytes to the signature over the tree, trusting the gateway with none of the steps: the address of the proof names the
 * fingerprint, the entry must have it, the hashes must lead from it to the root, and the key must have signed that root.
 */
export async function checkProof(proofUrl: string): Promise<Checked> {
  const address = new URL(proofUrl, location.origin);
  const leaf = /^\/ledger\/proof\/leaf\/([0-9a-f]{64})$/.exec(address.pathname)?.[1];
  if (address.origin !== location.origin || leaf === undefined) return { kind: 'wrong', step: 'form' };
  try {
    const [answer, keyAnswer] = await Promise.all([ask(address), ask(new URL('/ledger/key', location.origin))]);
    if (answer.status === 404) return { kind: 'soon' };
    if (!answer.ok || !keyAnswer.ok) return { kind: 'unreachable' };
    return await judge(await answer.json(), leaf, (await keyAnswer.text()).trim());
  } catch {
    return { kind: 'unreachable' };
  }
}

const ask = (address: URL) => sessionFetch(new Request(address));

async function judge(body: unknown, leaf: string, key: string): Promise<Checked> {
  const proof = proofOf(body);
  const head = proof === null ? null : treeHeadOf(proof.checkpoint);
  if (proof === null || head === null || head.size !== proof.size) return { kind: 'wrong', step: 'form' };
  const hash = await leafHash(proof.entry);
  if (hexOf(hash) !== leaf) return { kind: 'wrong', step: 'entry' };
  const root = await rootFrom(hash, proof.index, proof.size, proof.hashes);
  if (root === null || !isSame(root, head.root)) return { kind: 'wrong', step: 'path' };
  const signed = await isSignedBy(proof.checkpoint, key);
  if (signed === 'no') return { kind: 'wrong', step: 'signature' };
  return {
    kind: 'holds',
    index: proof.index,
    size: proof.size,
    hashes: proof.hashes.length,
    signed,
    keyName: key.split('+').slice(0, 2).join('+'),
    isNewKey: !isKeySeenFirst(key),
    entry: new TextDecoder().decode(proof.entry),
  };
}

interface Proof {
  readonly index: number;
  readonly size: number;
  readonly entry: Uint8Array<ArrayBuffer>;
  readonly hashes: readonly Uint8Array<ArrayBuffer>[];
  readonly checkpoint: string;
}

function proofOf(body: unknown): Proof | null {
  if (typeof body !== 'object' || body === null) return null;
  if (!('index' in body && 'tree_size' in body && 'entry' in body && 'hashes' in body && 'checkpoint' in body)) return null;
  const { index, tree_size: size, entry, hashes, checkpoint } = body;
  if (typeof index !== 'number' || typeof size !== 'number' || typeof entry !== 'string') return null;
  if (typeof checkpoint !== 'string' || !Array.isArray(hashes)) return null;
  const bytes = bytesOf(entry);
  const path = hashes.map((one) => bytesOf(String(one))).filter((one) => one?.length === 32);
  if (bytes === null || path.length !== hashes.length) return null;
  return { index, size, entry: bytes, hashes: path.filter((one) => one !== null), checkpoint };
}

/** The first key that a browser sees is kept: a gateway that shows it another tree under another key is found out. */
function isKeySeenFirst(key: string): boolean {
  try {
    const first = localStorage.getItem(KEY_PLACE);
    if (first === null) localStorage.setItem(KEY_PLACE, key);
    return first === null || first === key;
  } catch {
    return true;
  }
}
