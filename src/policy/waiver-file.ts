import { createHash, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import type { Waiver } from './coverage.ts';

const PIXELS = ['input_image', 'artifact'] as const;
const words = (most: number) => z.string().trim().min(1).max(most);

const fileSchema = z.strictObject({
  imprimatur: z.literal('coverage-waiver/v1'),
  waivers: z
    .array(
      z.strictObject({
        categories: z.array(z.enum(CATEGORIES)).min(1),
        looksAt: z.array(z.enum(PIXELS)).min(1),
        reason: words(1_000),
        by: words(200),
        until: z.iso.date(),
      }),
    )
    .min(1)
    .max(100),
});

/** What a waiver file holds, as it is written. */
export type WaiverFile = z.input<typeof fileSchema>;

/** Whoever wants it longer has to say so again. */
const LONGEST_MS = 366 * 86_400_000;

/** The text that is signed (Ed25519): no signature of anything else is one of a waiver. */
export function waiverStatement(content: Uint8Array): Uint8Array {
  return Buffer.from(`imprimatur-coverage-waiver sha256:${createHash('sha256').update(content).digest('hex')}\n`);
}

interface SignedWaivers {
  readonly content: Uint8Array;
  /** 64 bytes; undefined when there is none. */
  readonly signature: Uint8Array | undefined;
  /** Ed25519. */
  readonly publicKeys: readonly KeyObject[];
  readonly now: Date;
}

/** The waivers of one file. @throws Error that says why it counts for nothing: unsigned, changed, too long, or no waiver */
export function readWaivers({ content, signature, publicKeys, now }: SignedWaivers): Waiver[] {
  if (signature === undefined) throw new Error('it has no signature');
  const statement = waiverStatement(content);
  if (signature.length !== 64 || !publicKeys.some((key) => verify(null, statement, key, signature)))
    throw new Error('its signature is not by one of the configured keys over what it says');
  return parseWaivers(content, now);
}

/** The same of one that nobody signed yet. @throws Error */
export function parseWaivers(content: Uint8Array, now: Date): Waiver[] {
  const parsed = fileSchema.safeParse(jsonOf(content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`it is no waiver: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'invalid'}`);
  }
  return parsed.data.waivers.flatMap(({ categories, looksAt, ...rest }) => {
    if (Date.parse(rest.until) - now.getTime() > LONGEST_MS) throw new Error(`a waiver may last one year at most, not until ${rest.until}`);
    return categories.flatMap((category) => looksAt.map((subject): Waiver => ({ category, looksAt: subject, ...rest })));
  });
}

function jsonOf(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    return undefined;
  }
}
