import { z } from 'zod';
import { plainName } from './fields.ts';

// What the operator's files are trusted with: lists, names and waivers, and who signs them.

export const gazetteers = z.strictObject({
  packs: z.array(z.string()).default([]),
  without: z.array(z.string()).default([]),
  publicKeys: z.array(z.string()).default([]),
  allowUnsigned: z.boolean().default(false),
});

export const hashList = z.strictObject({
  name: plainName,
  path: z.string(),
  onBadRow: z.enum(['refuse', 'skip']).default('refuse'),
});

export const hashListTrust = z.strictObject({
  publicKeys: z.array(z.string()).default([]),
  allowUnsigned: z.boolean().default(true),
});

export const coverage = z.strictObject({
  waivers: z.array(z.string()).default([]),
  publicKeys: z.array(z.string()).default([]),
  enforce: z.boolean().default(false),
});
