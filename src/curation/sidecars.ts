import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';

/** What lies beside a picture and speaks of it. */
export interface Sidecars {
  readonly xmp: string | null;
  readonly optOuts: readonly string[];
  readonly licence: string | null;
}

const MAX_BYTES = 262_144;

/**
 * Reads `picture.jpg.xmp` (or `picture.xmp`), `picture.jpg.license` (REUSE: `SPDX-License-Identifier: …`) and `picture.jpg.headers` (the answer's header
 * lines, as a crawler keeps them).
 */
export async function readSidecars(root: string, path: string): Promise<Sidecars> {
  const at = join(root, path);
  const stem = at.slice(0, at.length - posix.extname(path).length);
  const [xmp, license, headers] = await Promise.all([
    beside(`${at}.xmp`).then((found) => found ?? beside(`${stem}.xmp`)),
    beside(`${at}.license`),
    beside(`${at}.headers`),
  ]);
  const licence = /SPDX-License-Identifier:\s*([^\r\n]{1,200})/.exec(license?.text ?? '')?.[1]?.trim() ?? null;
  // Somebody put it there, and what it wishes is not known: that is not "nothing".
  const unknown = [...(xmp?.text === null ? ['xmp:unreadable'] : []), ...(headers?.text === null ? ['header:unreadable'] : [])];
  return { xmp: xmp?.text ?? null, licence, optOuts: [...optOutsIn(headers?.text ?? ''), ...unknown] };
}

/** Another for whatever else is said beside a picture; null where nothing is. */
export function stampOf({ xmp, optOuts, licence }: Sidecars, reserved: readonly string[]): string | null {
  if (xmp === null && licence === null && optOuts.length + reserved.length === 0) return null;
  return createHash('sha256')
    .update(JSON.stringify([xmp, optOuts, licence, reserved]))
    .digest('hex')
    .slice(0, 16);
}

/** TDMRep (W3C community report, 2024) and the robots directives that sites use against training. */
function optOutsIn(headers: string): readonly string[] {
  const optOuts: string[] = [];
  if (/^tdm-reservation:\s*1\s*$/im.test(headers)) optOuts.push('header:tdm-reservation');
  for (const [, values = ''] of headers.matchAll(/^x-robots-tag:(.*)$/gim)) {
    const directive = /\b(noai|noimageai|noml)\b/i.exec(values)?.[1];
    if (directive !== undefined) optOuts.push(`robots:${directive.toLowerCase()}`);
  }
  return optOuts;
}

/** Null when there is none; a text that is null cannot be read, or is too large to be one. Through a link nothing is read. */
async function beside(path: string): Promise<{ readonly text: string | null } | null> {
  try {
    // A link could lead to any file of the machine, a pipe could keep us waiting.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      return { text: size > MAX_BYTES ? null : await file.readFile('utf8') };
    } finally {
      await file.close();
    }
  } catch (error) {
    const isNone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENAMETOOLONG');
    return isNone ? null : { text: null };
  }
}

const reservations = z.array(
  z.looseObject({ location: z.string(), 'tdm-reservation': z.union([z.literal(0), z.literal(1), z.literal('0'), z.literal('1')]) }),
);

/** Which pictures `tdmrep.json` at the root of the folder reserves (TDMRep §6.1: the first location that fits counts; `*` is anything, `$` the end). */
export async function readReservations(root: string): Promise<(path: string) => readonly string[]> {
  const text = await readFile(join(root, 'tdmrep.json'), 'utf8').catch(() => null);
  if (text === null) return () => [];
  const rules = reservations
    .parse(JSON.parse(text))
    .map((rule) => ({ fits: patternOf(rule.location), isReserved: Number(rule['tdm-reservation']) === 1 }));
  return (path) => (rules.find(({ fits }) => fits.test(`/${path}`))?.isReserved === true ? ['tdmrep.json'] : []);
}

function patternOf(location: string): RegExp {
  const escaped = location.replace(/[.+?^{}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped.replace(/\$(?!$)/g, '\\$')}`);
}
