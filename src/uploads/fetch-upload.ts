import { ImprimaturError } from '../contracts/errors.ts';
import type { Outbound, OutboundFailureCause } from '../outbound/outcome.ts';

interface FetchParts {
  readonly outbound: Pick<Outbound, 'request'>;
  readonly maxBytes: number;
  readonly ports: readonly number[];
  /** For all redirects and the whole body. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;

/**
 * One answer for hosts that are refused and for those that are not there, or the gate would tell strangers which names and ports exist inside our
 * network. That a file is too large is said only of a public host that gave it.
 */
const UNREACHED = 'It could not be fetched. Only public http and https addresses are, on the ports that this gateway asks.';
const HINTS: Readonly<Record<OutboundFailureCause, string>> = {
  refused_address: UNREACHED,
  unreachable: UNREACHED,
  timed_out: UNREACHED,
  reset: UNREACHED,
  aborted: UNREACHED,
  too_large: 'The file is too large.',
};

/**
 * A file at an address that a stranger chose: public addresses and these ports only, each redirect checked again, bounded in time and size. What the
 * host calls the file does not count; whoever gets the bytes looks at them.
 * @throws ImprimaturError URL_UNREACHABLE
 */
export async function fetchUpload(url: string, { outbound, maxBytes, ports, deadlineMs = DEADLINE_MS }: FetchParts): Promise<Uint8Array> {
  const answer = await outbound.request({
    url,
    method: 'GET',
    headers: { accept: 'image/*' },
    trust: 'untrusted',
    ports,
    maxBytes,
    deadlineMs,
  });
  if (answer.kind === 'failed')
    throw new ImprimaturError('URL_UNREACHABLE', { hint: HINTS[answer.cause], param: 'url', detail: answer.detail });
  if (answer.status !== 200) throw new ImprimaturError('URL_UNREACHABLE', { hint: `The host answered ${answer.status}.`, param: 'url' });
  return answer.body;
}
