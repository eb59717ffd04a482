import { existsSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';
import type { Check } from '../contracts/check.ts';
import type { CheckParts } from './check-parts.ts';

/** How a check is built. */
export interface CheckEntry {
  readonly id: string;
  /** @throws ZodError when `options` do not fit the check */
  readonly create: (parts: CheckParts, options?: unknown) => Check;
  /** It asks the neural networks, so a gateway that relies on it does not start without them. */
  readonly asksNetworks?: true;
  /** Files of its own in `dist/networks`, with their SHA-256: a gateway that relies on it does not start without them either. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * The checks of every folder here that has a `manifest.ts`, which exports them as `checks`; in the order of the folders' names. A new check is
 * a folder, and deleting the folder takes it away; a policy that still lists it is refused with its name.
 * @param extension of the manifests: `.ts` from source, `.js` as built
 * @throws TypeError that names a manifest which exports no checks, or an id that two manifests use
 */
export async function discoverChecks(folder: URL, extension = extname(import.meta.url)): Promise<CheckEntry[]> {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  const manifests = names
    .map((name) => ({ name, url: new URL(`${name}/manifest${extension}`, folder) }))
    .filter(({ url }) => existsSync(url));
  const found = await Promise.all(
    manifests.map(async ({ name, url }) => {
      const module: unknown = await import(url.href);
      return checksOf(name, module);
    }),
  );
  const entries = found.flat();
  const ids = entries.map(({ id }) => id);
  const double = ids.find((id, at) => ids.indexOf(id) !== at);
  if (double !== undefined) throw new TypeError(`two manifests have a check "${double}"`);
  return entries;
}

function checksOf(name: string, module: unknown): readonly CheckEntry[] {
  const checks = typeof module === 'object' && module !== null && 'checks' in module ? module.checks : undefined;
  if (!Array.isArray(checks) || checks.length === 0 || !checks.every(isCheckEntry))
    throw new TypeError(`src/detectors/${name}/manifest.ts must export "checks", a list with the id and create of each`);
  return checks;
}

function isCheckEntry(entry: unknown): entry is CheckEntry {
  if (typeof entry !== 'object' || entry === null || !('id' in entry) || !('create' in entry)) return false;
  return typeof entry.id === 'string' && typeof entry.create === 'function';
}

/** Every check that ships. */
export const CHECKS: readonly CheckEntry[] = await discoverChecks(new URL('./', import.meta.url));
