import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import type { ImageModel, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import type { InputImage } from '../contracts/submission.ts';
import { createOutbound, type OutboundOptions } from '../outbound/outbound.ts';
import type { Outbound } from '../outbound/outcome.ts';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A real server on this machine that remembers what it was sent. */
export interface Upstream {
  readonly port: number;
  readonly baseUrl: string;
  readonly received: ReceivedRequest[];
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** Starts an upstream that gives `answer` once the whole request is there. */
export async function startUpstream(answer: Answer): Promise<Upstream> {
  const received: ReceivedRequest[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) };
      received.push(got);
      answer(response, got);
    });
  };
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A recorded reply from a `fixtures` folder beside the test; the type follows the ending. */
export function replyWith(
  fixture: URL,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): Answer {
  const body = readFileSync(fixture);
  const type = { json: 'application/json', sse: 'text/event-stream', png: 'image/png' }[fixture.pathname.split('.').at(-1) ?? ''] ?? '';
  return (response) => response.writeHead(status, { 'content-type': type, ...headers }).end(body);
}

/** Parts of an upstream, closed together after a test. */
export class Bench {
  private readonly open: { close(): Promise<void> }[] = [];

  async upstream(answer: Answer): Promise<Upstream> {
    const upstream = await startUpstream(answer);
    this.open.push(upstream);
    return upstream;
  }

  outbound(options: OutboundOptions = {}): Outbound {
    const outbound = createOutbound(options);
    this.open.push(outbound);
    return outbound;
  }

  async close(): Promise<void> {
    // An outbound that is closed waits for running requests, so it must not come before the servers.
    await Promise.all(this.open.splice(0).map((part) => part.close()));
  }
}

/** A request with neutral defaults. */
export function renderRequest(more: Partial<RenderRequest> = {}): RenderRequest {
  return {
    operation: 'generate',
    prompt: 'a soft gradient',
    n: 1,
    inputs: [],
    partialImages: 0,
    stream: false,
    outputFormat: 'png',
    parameters: {},
    ...more,
  };
}

/** An input picture or mask made of these bytes. */
export function input(bytes: Uint8Array, role: InputImage['role'] = 'image', index = 0): InputImage {
  return { index, role, bytes, sha256: '0'.repeat(64) };
}

/** All events of a rendering. */
export async function eventsOf(model: ImageModel, request: RenderRequest, signal = new AbortController().signal): Promise<RenderEvent[]> {
  const events: RenderEvent[] = [];
  for await (const event of model.render(request, signal)) events.push(event);
  return events;
}
