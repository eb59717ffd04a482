import type { OutboundFailed, OutboundResponse, OutboundStream } from './outcome.ts';

/** Reads a stream to its end. A body that broke off is a failure, never a short body. */
export async function collectBody(stream: OutboundStream): Promise<OutboundResponse | OutboundFailed> {
  const chunks: Buffer[] = [];
  for await (const part of stream.parts) {
    if (part.kind === 'failed') return part;
    chunks.push(part.bytes);
  }
  return { kind: 'response', status: stream.status, headers: stream.headers, body: Buffer.concat(chunks) };
}
