import type { WitnessClient } from '../ledger/cosign-loop.ts';
import { cosignatureVerifier } from '../ledger/cosignature.ts';
import { formatAddCheckpoint, readWitnessAnswer } from '../ledger/witness-wire.ts';
import type { Outbound } from '../outbound/outcome.ts';

const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 65_536;

/** A witness over HTTP (C2SP tlog-witness). `url` is its submission prefix. @throws ImprimaturError CONFIG_INVALID for a malformed key */
export function createWitnessClient({ url, key }: { readonly url: string; readonly key: string }, outbound: Outbound): WitnessClient {
  const address = `${url.replace(/\/+$/, '')}/add-checkpoint`;
  return {
    verifier: cosignatureVerifier(key),
    async cosign(request, signal) {
      const answer = await outbound.request({
        url: address,
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: formatAddCheckpoint(request),
        trust: 'configured',
        maxBytes: MAX_ANSWER_BYTES,
        deadlineMs: DEADLINE_MS,
        signal,
      });
      if (answer.kind === 'failed') throw new Error(`witness: ${answer.cause} ${answer.detail}`);
      return readWitnessAnswer({ status: answer.status, body: answer.body.toString() });
    },
  };
}
