import { z } from 'zod';
import { openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { parseBundle } from '../../src/ledger/entry-bundle.ts';
import { EMPTY_TREE, extend, leafHash, rootOf, sameHash } from '../../src/ledger/merkle.ts';
import { noteVerifier } from '../../src/ledger/note.ts';
import { bundlesOf, tilePath } from '../../src/ledger/tile.ts';
import { verifyLog } from '../../src/ledger/verify-log.ts';
import type { GatewayProcess } from './gateway-process.ts';

const entry = z.looseObject({
  kind: z.string(),
  generation: z.string().optional(),
  decision: z.string().optional(),
  action: z.string().optional(),
  stage: z.string().optional(),
  artifact: z.string().optional(),
  sha256: z.string().optional(),
});
export type LogEntry = z.output<typeof entry>;

export interface Log {
  readonly size: number;
  readonly entries: readonly LogEntry[];
  /** Roots of the tree at every size from 0 on, recomputed from the entries. */
  readonly roots: readonly Uint8Array[];
  readonly key: string;
}

async function bytesOf(gateway: GatewayProcess, path: string): Promise<Uint8Array> {
  const response = await gateway.get(`/ledger/${path}`);
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const textOf = async (gateway: GatewayProcess, path: string) => Buffer.from(await bytesOf(gateway, path)).toString();

/** The whole log through the public door, audited by `verifyLog` and read. @throws when it does not verify */
export async function readLog(gateway: GatewayProcess): Promise<Log> {
  const key = (await textOf(gateway, 'key')).trim();
  const checkpoint = await textOf(gateway, 'checkpoint');
  // The log may grow meanwhile; what is audited is the log of this checkpoint.
  const fetch = (path: string) => (path === 'checkpoint' ? Promise.resolve(Buffer.from(checkpoint)) : bytesOf(gateway, path));
  const { ok, size, problems } = await verifyLog({ fetch, verifierKeys: [key] });
  if (!ok || size === null) throw new Error(`The log does not verify: ${JSON.stringify(problems.slice(0, 5))}`);
  const entries: LogEntry[] = [];
  const roots = [rootOf(EMPTY_TREE)];
  let tree = EMPTY_TREE;
  for (const ref of bundlesOf(size)) {
    for (const bytes of parseBundle(await bytesOf(gateway, tilePath(ref))) ?? []) {
      entries.push(entry.parse(JSON.parse(Buffer.from(bytes).toString())));
      tree = extend(tree, [leafHash(bytes)]);
      roots.push(rootOf(tree));
    }
  }
  return { size, entries, roots, key };
}

/** Checkpoints that are not of this log: not signed by its key, or not a prefix of it. */
export function strangeCheckpoints(checkpoints: Iterable<string>, { key, roots, size }: Log): string[] {
  const strange: string[] = [];
  for (const text of checkpoints) {
    const opened = openCheckpoint(text, [noteVerifier(key)]);
    if (opened.kind === 'rejected') strange.push(`${opened.reason}: ${text}`);
    else if (opened.checkpoint.size > size) strange.push(`of ${opened.checkpoint.size} entries, and the log has ${size}`);
    else if (!sameHash(roots[opened.checkpoint.size] ?? new Uint8Array(32), opened.checkpoint.root)) strange.push(`another root: ${text}`);
  }
  return strange;
}
