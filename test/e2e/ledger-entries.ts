import { z } from 'zod';
import type { Queryable } from '../../src/storage/database.ts';
import type { TestGateway } from './gateway.ts';
import { eventually } from './waiting.ts';

async function read(gateway: Pick<TestGateway, 'url'>, path: string): Promise<Buffer> {
  const answer = await fetch(`${gateway.url}/ledger/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Resolves when the log has taken everything that was written down until now. */
export async function sequenced(db: Queryable): Promise<void> {
  const waiting = async () => (await db.query({ text: 'select 1 from ledger_outbox limit 1' })).rowCount;
  await eventually('the log has taken everything', async () => ((await waiting()) === 0 ? true : null));
}

/** Every entry of a log of less than 256, once everything that was written down until now is in its newest checkpoint. */
export async function ledgerEntries(
  gateway: Pick<TestGateway, 'url'> & Partial<Pick<TestGateway, 'gateway'>>,
): Promise<Record<string, unknown>[]> {
  const db = gateway.gateway?.parts.db;
  if (db !== undefined) await sequenced(db);
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
