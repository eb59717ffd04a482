import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PreparedSource, preparedPrompts } from '../prepared-prompts.ts';
import { createGazetteer, type Gazetteer, plantNames } from './gazetteer.ts';
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
export async function loadGazetteer(
  { shippedDir, without, operatorPacks, trust }: GazetteerSettings,
  prepared = preparedPrompts(),
): Promise<Gazetteer> {
  const shipped = SHIPPED_PACKS.filter(({ name }) => !without.includes(name));
  const known = (await prepared)?.names;
  if (known !== undefined && operatorPacks.length === 0 && isOf(known.sources, shipped)) {
    await Promise.all(shipped.map(({ name, sha256 }) => readShipped(join(shippedDir, `${name}.txt`), sha256)));
    return plantNames(known.prepared);
  }
  return createGazetteer([
    ...(await readShippedPacks(shippedDir, shipped)),
    ...(await Promise.all(operatorPacks.map((path) => loadSigned(path, trust)))),
  ]);
}

/** Packs that must have the digests that the program pins. @throws PackRejected */
export function readShippedPacks(shippedDir: string, packs: readonly PreparedSource[]): Promise<Pack[]> {
  return Promise.all(
    packs.map(async ({ name, sha256 }) => {
      const path = join(shippedDir, `${name}.txt`);
      return packIn(await readShipped(path, sha256), path);
    }),
  );
}

function isOf(sources: readonly PreparedSource[], packs: readonly PreparedSource[]): boolean {
  return sources.length === packs.length && sources.every((source, at) => source.sha256 === packs[at]?.sha256);
}

async function readShipped(path: string, sha256: string): Promise<Uint8Array> {
  const content = await readFile(path);
  if (packDigest(content) !== sha256)
    throw new PackRejected(`${basename(path)} is not the pack that was shipped; give a pack of your own instead of changing it`);
  return content;
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
