import { readFileSync } from 'node:fs';
import type { Bench, ReceivedRequest, Upstream } from './upstream.fixture.ts';

/** A neutral picture, as any upstream would give it. */
export const GRADIENT = readFileSync(new URL('./stability/fixtures/gradient.png', import.meta.url));
export const CHECKER = readFileSync(new URL('./stability/fixtures/checker.png', import.meta.url));

/** One answer: JSON of a folder `fixtures` with `$BASE` for the upstream's own address, or bytes of a picture. */
type Reply = { readonly status?: number; readonly file: URL } | { readonly picture: Uint8Array };

/** An upstream whose paths answer with these replies, one after the other; the last of each again and again. Any other path is 404. */
export async function jobUpstream(bench: Bench, routes: Readonly<Record<string, Reply | readonly Reply[]>>): Promise<Upstream> {
  const turns = new Map<string, number>();
  const upstream: Upstream = await bench.upstream((response, request: ReceivedRequest) => {
    const path = request.path.split('?')[0] ?? '';
    const found = routes[path];
    if (found === undefined) return response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    const replies = 'length' in found ? found : [found];
    const turn = turns.get(path) ?? 0;
    turns.set(path, turn + 1);
    const reply = replies[Math.min(turn, replies.length - 1)];
    if (reply === undefined) return response.writeHead(404).end();
    if ('picture' in reply) return response.writeHead(200, { 'content-type': 'image/png' }).end(reply.picture);
    const body = readFileSync(reply.file, 'utf8').replaceAll('$BASE', upstream.baseUrl);
    return response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' }).end(body);
  });
  return upstream;
}

/** The JSON bodies that an upstream was sent. */
export function bodiesOf({ received }: Upstream): readonly unknown[] {
  return received.filter(({ body }) => body.length > 0).map(({ body }) => JSON.parse(body.toString('utf8')));
}
