import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import sharp from 'sharp';

export type Behavior = (
  request: { path: string; body: Buffer; type: string },
  response: ServerResponse,
  incoming: IncomingMessage,
) => void | Promise<void>;

interface Call {
  readonly path: string;
  readonly body: Buffer;
  readonly type: string;
}

/** A model server on loopback that speaks OpenAI's wire and misbehaves on request. Counts what reached it. */
export interface Upstream {
  readonly baseUrl: string;
  readonly calls: Call[];
  behave(behavior: Behavior): void;
  /** As good as new: pictures for whoever asks, and no calls so far. */
  reset(): void;
  close(): Promise<void>;
}

/** A plain gradient; `hue` makes pictures that differ. */
export async function neutralPicture(format: 'png' | 'jpeg' | 'webp' | 'gif' = 'png', side = 128, hue = 0): Promise<Buffer> {
  const pixels = Buffer.alloc(side * side * 3);
  for (let i = 0; i < side * side; i++) {
    pixels[i * 3] = (i % side) * (255 / side);
    pixels[i * 3 + 1] = Math.floor(i / side) * (255 / side);
    pixels[i * 3 + 2] = (hue * 37) % 256;
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers }).end(text);
}

/** OpenAI's answer with these pictures. */
export function answerPictures(response: ServerResponse, pictures: readonly Buffer[]): void {
  answerJson(response, 200, {
    created: 1,
    size: '1024x1024',
    quality: 'high',
    background: 'opaque',
    data: pictures.map((picture) => ({ b64_json: picture.toString('base64') })),
    usage: { total_tokens: 7 },
  });
}

/** Server-sent events, as OpenAI's image stream has them. */
export function answerEvents(response: ServerResponse, events: readonly Record<string, unknown>[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}

/** The fields of one call, whether it was JSON or a form; files as their bytes. */
export async function fieldsOf({ body, type }: Call): Promise<Record<string, unknown>> {
  if (!type.startsWith('multipart/')) return JSON.parse(body.toString('utf8'));
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form.entries()) {
    const content = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
    const earlier = fields[name];
    fields[name] = earlier === undefined ? content : [...(Array.isArray(earlier) ? earlier : [earlier]), content];
  }
  return fields;
}

export async function startUpstream(): Promise<Upstream> {
  const pictures = await Promise.all(Array.from({ length: 10 }, (_, hue) => neutralPicture('png', 128, hue)));
  const good: Behavior = async (request, response) => {
    const { n = 1 } = await fieldsOf(request);
    answerPictures(response, pictures.slice(0, Number(n)));
  };
  let behavior = good;
  const calls: Upstream['calls'] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const call = { path: incoming.url ?? '', body: Buffer.concat(chunks), type: incoming.headers['content-type'] ?? '' };
      calls.push(call);
      void behavior(call, response, incoming);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    calls,
    behave: (next) => {
      behavior = next;
    },
    reset() {
      behavior = good;
      calls.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
