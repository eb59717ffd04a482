import { z } from 'zod';
import type { TestGateway } from './gateway.ts';

async function read(gateway: Pick<TestGateway, 'url'>, path: string): Promise<Buffer> {
  const answer = await fetch(`${gateway.url}/ledger/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Every entry of a log of less than 256, as of its newest checkpoint. */
export async function ledgerEntries(gateway: Pick<TestGateway, 'url'>): Promise<Record<string, unknown>[]> {
  const size = Number((await read(gateway, 'checkpoint')).toString().split('\n')[1]);
  const bundle = await read(gateway, `tile/entries/000${size % 256 === 0 ? '' : `.p/${size % 256}`}`);
  const found: Record<string, unknown>[] = [];
  for (let at = 0; at < bundle.length; ) {
    const length = bundle.readUInt16BE(at);
    found.push(z.record(z.string(), z.unknown()).parse(JSON.parse(bundle.subarray(at + 2, at + 2 + length).toString())));
    at += 2 + length;
  }
  return found;
}
