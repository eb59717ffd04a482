import { z } from 'zod';
import { type Answer, type Book, type Intent, sha256Of } from './book.ts';
import type { GatewayProcess } from './gateway-process.ts';

const images = z.object({ data: z.array(z.object({ b64_json: z.string() })) });
const failure = z.object({ error: z.object({ code: z.string().nullable() }) });
const job = z.object({ id: z.string() });
const event = z.looseObject({ type: z.string(), b64_json: z.string().optional(), error: z.object({ code: z.string() }).optional() });

const digest = (base64: string) => sha256Of(Buffer.from(base64, 'base64'));

interface Told {
  readonly status: number;
  readonly code: string | null;
  /** In the order in which they came; the last `finished` are finished pictures. */
  readonly pictures: readonly string[];
  readonly finished: number;
  readonly generation: string | null;
}

/** Sends the wish and reads the whole answer into the book. @throws when the connection breaks; nothing is acknowledged then */
export async function ask(gateway: GatewayProcess, intent: Intent, book: Book, isRepeat = false): Promise<Answer> {
  const response = await gateway.get(...requestFor(intent));
  const header = (name: string) => response.headers.get(name);
  const told = await read(response, book);
  const answer: Answer = {
    intent,
    status: told.status,
    code: told.code,
    shouldRetry: header('x-should-retry'),
    generation: told.generation ?? header('x-imprimatur-generation-id'),
    decision: header('x-imprimatur-decision-id'),
    pictures: told.pictures.slice(told.pictures.length - told.finished),
    isRepeat,
  };
  book.answers.push(answer);
  return answer;
}

function requestFor({ key, kind, prompt }: Intent): [string, RequestInit] {
  const body = {
    model: 'studio',
    prompt,
    ...(kind === 'two' ? { n: 2 } : {}),
    ...(kind === 'stream' ? { stream: true, partial_images: 1 } : {}),
  };
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, ...(kind === 'job' ? { prefer: 'respond-async' } : {}) };
  return ['/v1/images/generations', { method: 'POST', headers, body: JSON.stringify(body) }];
}

async function read(response: Response, book: Book): Promise<Told> {
  const generation = response.headers.get('x-imprimatur-generation-id');
  const serve = (sha256: string) => void book.served.push({ sha256, generation: generation ?? '' });
  const { status } = response;
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return readEvents(response, serve);
  const body: unknown = await response.json();
  if (status === 200) {
    const pictures = images.parse(body).data.map(({ b64_json }) => digest(b64_json));
    pictures.forEach(serve);
    return { status, code: null, pictures, finished: pictures.length, generation };
  }
  if (status === 202) return { status, code: null, pictures: [], finished: 0, generation: job.parse(body).id };
  return { status, code: failure.parse(body).error.code, pictures: [], finished: 0, generation };
}

/** Each picture counts as served the moment it arrives, whatever becomes of the rest. */
async function readEvents(response: Response, serve: (sha256: string) => void): Promise<Told> {
  const pictures: string[] = [];
  let finished = 0;
  let code: string | null = null;
  let pending = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    pending += decoder.decode(chunk, { stream: true });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    for (const block of blocks) {
      const { type, b64_json: picture, error } = event.parse(JSON.parse(block.slice(block.indexOf('data: ') + 6)));
      if (error !== undefined) code = error.code;
      if (picture === undefined) continue;
      pictures.push(digest(picture));
      serve(digest(picture));
      if (type.endsWith('.completed')) finished++;
    }
  }
  const generation = response.headers.get('x-imprimatur-generation-id');
  // A stream that ends without a finished picture and without an error was cut off.
  if (finished === 0 && code === null) throw new Error('the stream ended early');
  return { status: code === null ? 200 : 503, code, pictures, finished, generation };
}
