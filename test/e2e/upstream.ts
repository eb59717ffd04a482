import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import sharp from 'sharp';

export type Behavior = (
  request: { path: string; body: Buffer; type: string },
  response: ServerResponse,
  incoming: IncomingMessage,
) => void | Promise<void>;

/** A model server on loopback that speaks OpenAI's wire and misbehaves on request. Counts what reached it. */
export interface Upstream {
  readonly baseUrl: string;
  readonly calls: { path: string; body: Buffer; type: string }[];
  behave(behavior: Behavior): void;
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

export async function startUpstream(): Promise<Upstream> {
  const picture = await neutralPicture();
  const good: Behavior = (_request, response) =>
    answerJson(response, 200, {
      created: 1,
      size: '1024x1024',
      quality: 'high',
      background: 'opaque',
      data: [{ b64_json: picture.toString('base64') }],
      usage: { total_tokens: 7 },
    });
  let behavior = good;
  const calls: Upstream['calls'] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
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
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
