import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { HASH_BYTES } from './merkle.ts';
import type { WitnessedHead, WitnessStore } from './witness.ts';

const fileSchema = z.record(z.string(), z.object({ size: z.int().nonnegative(), root: z.string() }));

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function parseHeads(text: string): Map<string, WitnessedHead> {
  const heads = new Map<string, WitnessedHead>();
  for (const [origin, { size, root }] of Object.entries(fileSchema.parse(JSON.parse(text)))) {
    const hash = decodeBase64(root);
    if (hash?.length !== HASH_BYTES) throw new Error(`root of ${origin} is not a hash`);
    heads.set(origin, { size, root: hash });
  }
  return heads;
}

async function readHeads(file: string): Promise<Map<string, WitnessedHead>> {
  try {
    return parseHeads(await readFile(file, 'utf8'));
  } catch (cause) {
    if (isMissing(cause)) return new Map();
    // Starting over from nothing would let the log show another history, so an unreadable file stops the witness.
    throw new ImprimaturError('LEDGER_INVALID', { detail: 'the witness state cannot be read', cause });
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.tmp`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
  // The rename itself is only durable once the directory is.
  const directory = await open(dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Keeps a witness's heads in one small JSON file: written aside, synced, renamed, directory synced. A file that is missing means
 * a new witness; one that cannot be read rejects with LEDGER_INVALID. One process and one `createWitness` per file.
 */
export function createFileWitnessStore(file: string): WitnessStore {
  let heads: Map<string, WitnessedHead> | undefined;
  const load = async () => {
    heads ??= await readHeads(file);
    return heads;
  };
  return {
    read: load,
    write: async (origin, head) => {
      const next = new Map(await load()).set(origin, head);
      const lines = [...next].map(([name, { size, root }]) => [name, { size, root: encodeBase64(root) }]);
      await replaceFile(file, `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`);
      heads = next;
    },
  };
}
