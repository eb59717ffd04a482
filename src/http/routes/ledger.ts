import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { parseBundle } from '../../ledger/entry-bundle.ts';
import type { LedgerReader } from '../../ledger/reader.ts';
import { parseTilePath, TILE_WIDTH, tileWidth } from '../../ledger/tile.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Ledger';

/** The log, for anyone: C2SP tlog-tiles, and an inclusion proof for any published artifact. */
export function ledgerRoutes({ ledger, ledgerKey, store }: HttpParts): FastifyPluginAsync {
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
        return reply
          .type('application/octet-stream')
          .header('cache-control', 'public, max-age=31536000, immutable')
          .send(Buffer.from(bytes));
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
        const checkpoint = await ledger.latestCheckpoint();
        if (record?.published == null || checkpoint === null) throw new ImprimaturError('NOT_FOUND');
        return { artifact, ...(await proveInclusion(record.published.ledgerLeaf, checkpoint, ledger)), checkpoint };
      },
    });
    route(app, {
      method: 'GET',
      url: '/ledger/proof/leaf/:leaf',
      tag,
      summary: 'Proof that an entry is in the log, by the hash of its leaf',
      isPublic: true,
      params: z.object({ leaf: z.string().regex(/^[0-9a-f]{64}$/, 'the 64 hex digits of a leaf hash') }),
      handler: async ({ params: { leaf } }) => {
        const checkpoint = await ledger.latestCheckpoint();
        if (checkpoint === null) throw new ImprimaturError('NOT_FOUND');
        return { ...(await proveInclusion(leaf, checkpoint, ledger)), checkpoint };
      },
    });
  };
}

/** @throws ImprimaturError NOT_FOUND while the checkpoint does not cover the entry yet: milliseconds after the commit. */
async function proveInclusion(leafHex: string, checkpoint: string, ledger: LedgerReader) {
  const leaf = Buffer.from(leafHex, 'hex');
  const size = Number(checkpoint.split('\n')[1]);
  const index = await ledger.findEntry(leaf);
  if (index === null || index >= size)
    throw new ImprimaturError('NOT_FOUND', { hint: 'The ledger is about to take it in; ask again in a moment.' });
  const n = Math.floor(index / TILE_WIDTH);
  const [hashes, bundle] = await Promise.all([ledger.inclusionProof(index, size), ledger.entryBundle({ n, width: tileWidth(0, n, size) })]);
  const entry = parseBundle(bundle)?.[index % TILE_WIDTH];
  if (entry === undefined) throw new ImprimaturError('LEDGER_INVALID', { detail: `entry ${index} is not in its bundle` });
  return {
    index,
    tree_size: size,
    leaf_hash: leaf.toString('base64'),
    entry: Buffer.from(entry).toString('base64'),
    hashes: hashes.map((hash) => Buffer.from(hash).toString('base64')),
  };
}
