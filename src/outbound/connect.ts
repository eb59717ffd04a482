import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from './public-address.ts';

/** Host name → addresses, all of them. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * No connection came about. Undici writes a request only to a socket that its connector handed over, so this error is
 * the proof that no byte of the request left.
 */
export class ConnectFailure extends Error {
  override readonly name = 'ConnectFailure';
  readonly refused: boolean;

  constructor(detail: string, { refused, cause }: { readonly refused: boolean; readonly cause?: unknown }) {
    super(detail, { cause });
    this.refused = refused;
  }
}

const resolveAll: Resolve = async (hostname) => (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);

/** Connects to whatever the operator named. */
export function configuredConnector(connectTimeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs });
  return (options, callback) =>
    connect(options, (...result) => {
      if (result[0] === null) callback(null, result[1]);
      else callback(new ConnectFailure(errorCode(result[0]), { refused: false, cause: result[0] }), null);
    });
}

/**
 * Resolves the name here, refuses it when any of its addresses is not public, and connects to one of the addresses
 * that were checked (a second look-up could answer differently: DNS rebinding). The TLS server name stays the host's.
 * `allowPrivate`: `host:port` pairs to which this does not apply.
 */
export function guardedConnector({
  allowPrivate,
  connectTimeoutMs,
  resolve = resolveAll,
}: {
  readonly allowPrivate: readonly string[];
  readonly connectTimeoutMs: number;
  readonly resolve?: Resolve | undefined;
}): buildConnector.connector {
  const connect = buildConnector({ timeout: connectTimeoutMs });
  const allowed = new Set(allowPrivate.map((pair) => pair.replace(/[[\]]/g, '').toLowerCase()));
  return (options, callback) => {
    const port = options.port || (options.protocol === 'https:' ? '443' : '80');
    checkedAddresses(options.hostname, { anyAddress: allowed.has(`${options.hostname}:${port}`), resolve }).then(
      (addresses) => connectToFirst(connect, { options, addresses, callback }),
      (error) =>
        callback(error instanceof ConnectFailure ? error : new ConnectFailure(errorCode(error), { refused: false, cause: error }), null),
    );
  };
}

async function checkedAddresses(
  hostname: string,
  { anyAddress, resolve }: { readonly anyAddress: boolean; readonly resolve: Resolve },
): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await resolve(hostname) : [hostname];
  if (addresses.length === 0) throw new ConnectFailure('name has no address', { refused: false });
  if (!anyAddress && !addresses.every(isPublicAddress)) throw new ConnectFailure('address is not public', { refused: true });
  return addresses;
}

function connectToFirst(
  connect: buildConnector.connector,
  attempt: {
    readonly options: buildConnector.Options;
    readonly addresses: readonly string[];
    readonly callback: buildConnector.Callback;
  },
): void {
  const { options, callback } = attempt;
  const [address, ...others] = attempt.addresses;
  connect({ ...options, hostname: address ?? '' }, (...result) => {
    if (result[0] === null) callback(null, result[1]);
    else if (others.length > 0) connectToFirst(connect, { options, addresses: others, callback });
    else callback(new ConnectFailure(errorCode(result[0]), { refused: false, cause: result[0] }), null);
  });
}

/** The error's code (`ECONNREFUSED`), or its class; never its message, which can repeat a URL. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
