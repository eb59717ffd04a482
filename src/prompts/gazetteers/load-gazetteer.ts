import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createGazetteer, type Gazetteer } from './gazetteer.ts';
import { type Pack, parsePack } from './pack.ts';
import { SHIPPED_PACKS } from './shipped-packs.ts';
import { type PackTrust, packDigest, whyDistrusted } from './trusted-pack.ts';

/** A pack that is not taken; the message names the file, and the line where there is one, and no entry. */
export class PackRejected extends Error {
  override readonly name = 'PackRejected';
}

export interface GazetteerSettings {
  /** The folder of the packs that ship. */
  readonly shippedDir: string;
  /** Names of shipped packs that the operator's own replace. */
  readonly without: readonly string[];
  /** Packs of the operator, each signed in a file beside it with `.sig` behind the name (64 bytes, or their base64). */
  readonly operatorPacks: readonly string[];
  readonly trust: PackTrust;
}

/**
 * Reads and checks all packs. A shipped pack must have the digest that the program pins.
 * @throws PackRejected; file system errors as they come
 */
export async function loadGazetteer({ shippedDir, without, operatorPacks, trust }: GazetteerSettings): Promise<Gazetteer> {
  const shipped = SHIPPED_PACKS.filter(({ name }) => !without.includes(name));
  return createGazetteer(
    await Promise.all([
      ...shipped.map(({ name, sha256 }) => loadShipped(join(shippedDir, `${name}.txt`), sha256)),
      ...operatorPacks.map((path) => loadSigned(path, trust)),
    ]),
  );
}

async function loadShipped(path: string, sha256: string): Promise<Pack> {
  const content = await readFile(path);
  if (packDigest(content) !== sha256)
    throw new PackRejected(`${basename(path)} is not the pack that was shipped; give a pack of your own instead of changing it`);
  return packIn(content, path);
}

async function loadSigned(path: string, trust: PackTrust): Promise<Pack> {
  const [content, signature] = await Promise.all([readFile(path), readSignature(`${path}.sig`)]);
  const reason = whyDistrusted({ content, signature }, trust);
  if (reason !== undefined) throw new PackRejected(`${basename(path)}: ${reason}`);
  return packIn(content, path);
}

async function readSignature(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path);
    return bytes.length === 64 ? bytes : Buffer.from(bytes.toString('latin1').trim(), 'base64');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function packIn(content: Uint8Array, path: string): Pack {
  const parsed = parsePack(new TextDecoder().decode(content));
  if (parsed.ok) return parsed.pack;
  throw new PackRejected(`${basename(path)}: ${parsed.problems.map(({ line, message }) => `line ${line}: ${message}`).join('; ')}`);
}
