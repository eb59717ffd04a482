import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { leafHash } from '../../ledger/merkle.ts';
import { parseTilePath } from '../../ledger/tile.ts';
import { findEntry } from '../../ledger/find-entry.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Ledger';

/** The log, for anyone: C2SP tlog-tiles, and an inclusion proof for any published artifact. */
export function ledgerRoutes({ ledger, ledgerKey, db, store }: HttpParts): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/ledger/checkpoint',
      tag,
      summary: 'The newest signed checkpoint',
      isPublic: true,
      handler: async (_input, _request, reply) => {
        const checkpoint = await ledger.latestCheckpoint();
        if (checkpoint === null) throw new ImprimaturError('NOT_FOUND');
        return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint);
      },
    });
    route(app, {
      method: 'GET',
      url: '/ledger/key',
      tag,
      summary: 'The key that verifies checkpoints (signed-note form)',
      isPublic: true,
      handler: (_input, _request, reply) => reply.type('text/plain; charset=utf-8').send(`${ledgerKey}\n`),
    });
    route(app, {
      method: 'GET',
      url: '/ledger/tile/*',
      tag,
      summary: 'A tile or an entry bundle',
      isPublic: true,
      params: z.object({ '*': z.string() }),
      handler: async ({ params }, _request, reply) => {
        const ref = parseTilePath(`tile/${params['*']}`);
        if (ref === null) throw new ImprimaturError('NOT_FOUND');
        const bytes = await (ref.level === 'entries' ? ledger.entryBundle(ref) : ledger.tile(ref)).catch((cause: unknown) => {
          if (cause instanceof ImprimaturError && cause.code === 'LEDGER_INVALID') throw new ImprimaturError('NOT_FOUND', { cause });
          throw cause;
        });
        return reply.type('application/octet-stream').header('cache-control', 'public, max-age=31536000, immutable').send(Buffer.from(bytes));
      },
    });
    route(app, {
      method: 'GET',
      url: '/ledger/proof/:artifact',
      tag,
      summary: 'Proof that the publication of an artifact is in the log',
      isPublic: true,
      params: z.object({ artifact: z.string() }),
      handler: async ({ params: { artifact } }) => {
        const record = isId('art', artifact) ? await store.artifact(artifact) : null;
        const entry = record?.published == null ? null : await findEntry(db, record.published.ledgerLeaf);
        const checkpoint = await ledger.latestCheckpoint();
        const size = Number(checkpoint?.split('\n')[1] ?? 0);
        if (entry === null || checkpoint === null || entry.index >= size) throw new ImprimaturError('NOT_FOUND');
        const proof = await ledger.inclusionProof(entry.index, size);
        return {
          artifact,
          index: entry.index,
          tree_size: size,
          leaf_hash: Buffer.from(leafHash(entry.bytes)).toString('base64'),
          entry: Buffer.from(entry.bytes).toString('base64'),
          hashes: proof.map((hash) => Buffer.from(hash).toString('base64')),
          checkpoint,
        };
      },
    });
  };
}
