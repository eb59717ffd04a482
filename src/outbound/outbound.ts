import { Agent, type Dispatcher } from 'undici';
import { collectBody } from './collect-body.ts';
import { ConnectFailure, configuredConnector, errorCode, guardedConnector, type Resolve } from './connect.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import type { Headers, Outbound, OutboundFailed, OutboundRequest, OutboundStream, StreamPart } from './outcome.ts';
import { nextHop, urlProblem } from './redirects.ts';

export interface OutboundOptions {
  /** Time for name, TCP and TLS together, at most; the request's own deadline runs as well. */
  readonly connectTimeoutMs?: number;
  /** `host:port` pairs that untrusted URLs may reach although they are not public. */
  readonly allowPrivate?: readonly string[];
  /** Name resolution for untrusted URLs; the system's unless given. */
  readonly resolve?: Resolve;
}

interface Hop {
  readonly agent: Agent;
  readonly url: URL;
  readonly request: OutboundRequest;
  readonly deadline: Deadline;
  readonly hops: number;
}

/** Keeps connections to configured hosts; those to untrusted ones are checked at each connect and kept as well. */
export function createOutbound({ connectTimeoutMs = 5_000, allowPrivate = [], resolve }: OutboundOptions = {}): Outbound {
  // Undici's own header and body timeouts are off: one deadline per request covers both.
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  const configured = new Agent({ ...timeouts, connect: configuredConnector(connectTimeoutMs) });
  const untrusted = new Agent({ ...timeouts, connect: guardedConnector({ allowPrivate, connectTimeoutMs, resolve }) });

  const open = async (request: OutboundRequest): Promise<OutboundStream | OutboundFailed> => {
    if (!URL.canParse(request.url)) return failed('refused_address', false, 'unreadable address');
    const deadline = startDeadline(request.deadlineMs, request.signal);
    const agent = request.trust === 'configured' ? configured : untrusted;
    const outcome = await follow({ agent, url: new URL(request.url), request, deadline, hops: 0 });
    if (outcome.kind === 'failed') deadline.release();
    return outcome;
  };

  return {
    open,
    request: async (request) => {
      const stream = await open(request);
      return stream.kind === 'failed' ? stream : collectBody(stream);
    },
    close: async () => {
      await Promise.all([configured.close(), untrusted.close()]);
    },
  };
}

async function follow(hop: Hop): Promise<OutboundStream | OutboundFailed> {
  const { url, request, deadline, hops } = hop;
  const problem = urlProblem(url, request.ports);
  if (problem !== null) return failed('refused_address', hops > 0, problem);
  const early = deadline.stopped();
  if (early !== null) return failed(early, hops > 0, 'stopped before the request was sent');
  try {
    const response = await send(hop);
    const headers = flatten(response.headers);
    const parts = readParts(response.body, hop);
    const stay: OutboundStream = { kind: 'response', status: response.statusCode, headers, parts };
    if (request.trust === 'configured' || request.method !== 'GET') return stay;
    const next = nextHop({ status: response.statusCode, location: headers['location'], from: url, hops });
    if (next.kind === 'stay') return stay;
    response.body.destroy();
    if (next.kind === 'refused') return failed('refused_address', true, `${url.host}: ${next.detail}`);
    return await follow({ ...hop, url: next.url, hops: hops + 1 });
  } catch (error) {
    return explain(error, hop);
  }
}

async function send({ agent, url, request, deadline, hops }: Hop): Promise<Dispatcher.ResponseData> {
  const response = await agent.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    // What the caller set was meant for the first host only.
    headers: hops === 0 ? { ...request.headers } : {},
    body: request.body ?? null,
    signal: deadline.signal,
  });
  // Destroying a body that nobody listens to would otherwise end the process.
  response.body.on('error', () => undefined);
  return response;
}

async function* readParts(body: Dispatcher.ResponseData['body'], hop: Hop): AsyncGenerator<StreamPart> {
  const { maxBytes } = hop.request;
  let total = 0;
  try {
    for await (const chunk of body) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      total += bytes.byteLength;
      if (total > maxBytes) {
        hop.deadline.stop('too_large');
        yield failed('too_large', true, `${hop.url.host}: more than ${maxBytes} bytes`);
        return;
      }
      yield { kind: 'chunk', bytes };
    }
  } catch (error) {
    yield { ...explain(error, hop), reachedServer: true };
  } finally {
    hop.deadline.release();
    body.destroy();
  }
}

function explain(error: unknown, { url, deadline, hops }: Hop): OutboundFailed {
  const stopped = deadline.stopped();
  if (stopped !== null) return failed(stopped, true, `${url.host}: ${stopped}`);
  if (error instanceof ConnectFailure) {
    return failed(error.refused ? 'refused_address' : 'unreachable', hops > 0, `${url.host}: ${error.message}`);
  }
  return failed('reset', true, `${url.host}: ${errorCode(error)}`);
}

function failed(cause: OutboundFailed['cause'], reachedServer: boolean, detail: string): OutboundFailed {
  return { kind: 'failed', cause, reachedServer, detail };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
