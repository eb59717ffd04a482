import { randomBytes, type X509Certificate } from 'node:crypto';
import { type CircuitBreaker, createCircuitBreaker } from '../../../outbound/circuit-breaker.ts';
import type { Outbound, OutboundFailed } from '../../../outbound/outcome.ts';
import { checkTimestampResponse, type TimestampToken } from './check-response.ts';
import { TimestampFault, type TimestampFaultKind } from './timestamp-fault.ts';
import { createTimestampRequest } from './timestamp-request.ts';

/** One RFC 3161 authority. */
export interface Authority {
  readonly url: string;
  readonly timeoutMs: number;
  /** Value of the `authorization` header, for authorities that want one. */
  readonly authorization?: () => string;
}

/** What came of asking: a token, or for each authority in turn what was wrong with it. */
export type Stamped =
  | { readonly kind: 'stamped'; readonly authority: string; readonly at: Date; readonly token: Uint8Array }
  | {
      readonly kind: 'missing';
      readonly faults: readonly { readonly authority: string; readonly fault: TimestampFaultKind; readonly detail: string }[];
    };

export interface Timestamper {
  /** Asks the authorities in order until one answers well. Never rejects; takes at most the sum of their time-outs. */
  stamp(message: Uint8Array): Promise<Stamped>;
  /** Asks every authority once, to learn how large its tokens are. Never rejects. */
  probe(): Promise<void>;
  /** Bytes to reserve for a token: what was seen, and a little; 0 when every authority rests and none will be asked. */
  tokenBytes(): number;
}

export interface TimestamperOptions {
  readonly authorities: readonly Authority[];
  readonly anchors: readonly X509Certificate[];
  readonly outbound: Outbound;
  readonly maxClockSkewMs?: number;
  readonly onAnswer?: (authority: string, outcome: 'stamped' | TimestampFaultKind) => void;
  readonly clock?: () => Date;
}

/** Tokens with three RSA-4096 certificates have about 7 KB. */
const MAX_RESPONSE_BYTES = 16_384;
/** Tokens of one authority differ by a few bytes: serial numbers, fractions of seconds, ECDSA signatures in DER. */
const SPARE_BYTES = 24;
const FAILURES_TO_REST = 3;
const REST_MS = 30_000;

/** A client of RFC 3161 authorities over HTTP (§3.4), with fallback; one that fails is left alone for a while. */
export function createTimestamper(options: TimestamperOptions): Timestamper {
  const { authorities, clock = () => new Date(), onAnswer = () => undefined } = options;
  const breakers = new Map(
    authorities.map(({ url }) => [
      url,
      createCircuitBreaker({ failures: FAILURES_TO_REST, coolDownMs: REST_MS, clock: () => performance.now() }),
    ]),
  );
  let largest = 0;

  async function ask(authority: Authority, breaker: CircuitBreaker | undefined, message: Uint8Array): Promise<TimestampToken> {
    if (breaker?.admits() === false) throw new TimestampFault('resting', 'it failed too often lately');
    try {
      const token = await request(authority, message, { ...options, clock });
      breaker?.succeeded();
      return token;
    } catch (error) {
      breaker?.failed();
      throw error;
    }
  }

  async function stampWith(inOrder: readonly Authority[], message: Uint8Array): Promise<Stamped> {
    const faults: { authority: string; fault: TimestampFaultKind; detail: string }[] = [];
    for (const authority of inOrder) {
      const name = new URL(authority.url).host;
      try {
        const { der, at } = await ask(authority, breakers.get(authority.url), message);
        largest = Math.max(largest, der.length);
        onAnswer(name, 'stamped');
        return { kind: 'stamped', authority: name, at, token: der };
      } catch (error) {
        const fault = error instanceof TimestampFault ? error : new TimestampFault('not-a-response', 'it could not be read');
        onAnswer(name, fault.kind);
        faults.push({ authority: name, fault: fault.kind, detail: fault.message });
      }
    }
    return { kind: 'missing', faults };
  }

  return {
    async probe() {
      const stamps = authorities.map(async (authority) => stampWith([authority], randomBytes(32)));
      await Promise.all(stamps);
    },
    stamp: (message) => stampWith(authorities, message),
    tokenBytes: () => {
      if ([...breakers.values()].every((breaker) => breaker.isOpen())) return 0;
      return largest === 0 ? MAX_RESPONSE_BYTES : largest + SPARE_BYTES;
    },
  };
}

const CAUSES: Readonly<Record<OutboundFailed['cause'], TimestampFaultKind>> = {
  unreachable: 'unreachable',
  reset: 'unreachable',
  refused_address: 'unreachable',
  aborted: 'timed-out',
  timed_out: 'timed-out',
  too_large: 'not-a-response',
};

async function request(
  { url, timeoutMs, authorization }: Authority,
  message: Uint8Array,
  { outbound, anchors, maxClockSkewMs = 300_000, clock }: TimestamperOptions & { readonly clock: () => Date },
): Promise<TimestampToken> {
  const query = createTimestampRequest(message);
  const answer = await outbound.request({
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/timestamp-query',
      accept: 'application/timestamp-reply',
      ...(authorization === undefined ? {} : { authorization: authorization() }),
    },
    body: query.der,
    trust: 'configured',
    maxBytes: MAX_RESPONSE_BYTES,
    deadlineMs: timeoutMs,
  });
  if (answer.kind === 'failed') throw new TimestampFault(CAUSES[answer.cause], answer.detail);
  if (answer.status !== 200) throw new TimestampFault('http-status', `status ${answer.status}`);
  return checkTimestampResponse(answer.body, query, { anchors, maxClockSkewMs, now: clock() });
}
