import { ImprimaturError } from '../contracts/errors.ts';
import type { Outbound, OutboundFailureCause } from '../outbound/outcome.ts';

interface FetchParts {
  readonly outbound: Pick<Outbound, 'request'>;
  readonly maxBytes: number;
  /** For all redirects and the whole body. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;

/** What the caller may know. Why exactly a host inside our network did not answer is none of it. */
const HINTS: Readonly<Record<OutboundFailureCause, string>> = {
  refused_address: 'Only public http and https addresses are fetched.',
  unreachable: 'The host could not be reached.',
  timed_out: 'The host did not answer in time.',
  reset: 'The host broke off.',
  too_large: 'The file is too large.',
  aborted: 'The request was given up.',
};

/**
 * A file at an address that a stranger chose: public addresses only, each redirect checked again, bounded in time and size. What the
 * host calls the file does not count; whoever gets the bytes looks at them.
 * @throws ImprimaturError URL_UNREACHABLE
 */
export async function fetchUpload(url: string, { outbound, maxBytes, deadlineMs = DEADLINE_MS }: FetchParts): Promise<Uint8Array> {
  const answer = await outbound.request({
    url,
    method: 'GET',
    headers: { accept: 'image/*' },
    trust: 'untrusted',
    maxBytes,
    deadlineMs,
  });
  if (answer.kind === 'failed')
    throw new ImprimaturError('URL_UNREACHABLE', { hint: HINTS[answer.cause], param: 'url', detail: answer.detail });
  if (answer.status !== 200) throw new ImprimaturError('URL_UNREACHABLE', { hint: `The host answered ${answer.status}.`, param: 'url' });
  return answer.body;
}
