import { decodeBase64, encodeBase64 } from './base64.ts';
import { parseSize } from './checkpoint.ts';
import { HASH_BYTES } from './merkle.ts';

/** What a log asks a witness: to cosign this signed checkpoint, given the proof that it extends `oldSize`. */
export interface CosignRequest {
  /** The signed note. */
  readonly checkpoint: string;
  /** Size of the last checkpoint that this witness cosigned, as far as we know; 0 when it never did. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
}

export type CosignAnswer =
  /** Signature lines, each with its newline. Whoever receives them verifies them. */
  | { readonly kind: 'cosigned'; readonly lines: string }
  /** The witness knows another size than `oldSize`. */
  | { readonly kind: 'conflict'; readonly size: number }
  | { readonly kind: 'refused'; readonly status: number };

/** What a witness answers over HTTP. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** C2SP tlog-witness: a proof has at most 63 hashes. */
const MAX_PROOF_HASHES = 63;

/** The body of `POST <prefix>/add-checkpoint`, C2SP tlog-witness. */
export function formatAddCheckpoint({ checkpoint, oldSize, proof }: CosignRequest): string {
  return `old ${oldSize}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${checkpoint}`;
}

/** Parses such a body; null when it is malformed. The checkpoint is not looked into. */
export function parseAddCheckpoint(body: string): CosignRequest | null {
  const split = body.indexOf('\n\n');
  if (split < 0) return null;
  const [oldLine = '', ...proofLines] = body.slice(0, split).split('\n');
  const oldSize = oldLine.startsWith('old ') ? parseSize(oldLine.slice(4)) : null;
  if (oldSize === null || proofLines.length > MAX_PROOF_HASHES) return null;
  const proof: Uint8Array[] = [];
  for (const line of proofLines) {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) return null;
    proof.push(hash);
  }
  return { checkpoint: body.slice(split + 2), oldSize, proof };
}

/** Reads a witness's HTTP answer, for whoever makes the request. A 409 without a size (a fork at the same size) is a refusal. */
export function readWitnessAnswer({ status, body }: { readonly status: number; readonly body: string }): CosignAnswer {
  if (status === 200) return { kind: 'cosigned', lines: body };
  const size = status === 409 && body.endsWith('\n') ? parseSize(body.slice(0, -1)) : null;
  return size === null ? { kind: 'refused', status } : { kind: 'conflict', size };
}
