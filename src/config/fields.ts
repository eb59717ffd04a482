import { z } from 'zod';
import { Secret } from './secret.ts';

/** A setting that is never shown. */
export const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));

/** Names of surfaces and models: they travel in headers, URLs and rules, so they stay plain. */
export const plainName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use a–z, 0–9, ".", "_" and "-", starting with a letter or digit');
