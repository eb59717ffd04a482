import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { coverageSchema, pluginId, pluginLooksAt } from './plugin-fields.ts';

const numbers = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]);

const inputSchema = z.strictObject({
  name: z.string().min(1).max(200).default('input'),
  layout: z.enum(['NHWC', 'NCHW']),
  /** Width and height in pixels. */
  size: z.int().min(8).max(1_024),
  /** `stretch` the whole picture to a square, `contain` it in one with black bars, or take the square in its middle (`cover`). */
  resize: z.enum(['stretch', 'contain', 'cover']).default('stretch'),
  channels: z.enum(['rgb', 'bgr']).default('rgb'),
  /** What 0 and 255 become, before `mean` is subtracted and `std` divides; one number, or one for each channel. */
  range: z.tuple([z.number(), z.number()]).default([0, 1]),
  mean: numbers.default(0),
  std: numbers.default(1),
});

const outputSchema = z.strictObject({
  name: z.string().min(1).max(200).default('output'),
  activation: z.enum(['none', 'softmax', 'sigmoid']).default('none'),
});

/** It stands in reasons and in the ledger, so it is narrow. */
const labelName = z.string().regex(/^[\w./+-]{1,60}$/, 'a label has up to 60 letters, digits and "_./+-"');
const labelSchema = z.union([
  labelName.transform((label) => ({ label })),
  z.strictObject({
    label: labelName,
    category: z.enum(CATEGORIES),
    /** The model's own score from which it is more likely than not; it becomes 0.5. */
    threshold: z.number().gt(0).lt(1).default(0.5),
  }),
]);

/** A user's own model. `docs/plugins.md` explains every line. */
export const modelManifestSchema = z
  .strictObject({
    id: pluginId,
    /** Beside the manifest, or absolute. */
    file: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in small letters'),
    input: inputSchema,
    output: outputSchema.prefault({}),
    /** In the order of the model's output: a plain name is not looked at any further. */
    labels: z.array(labelSchema).min(1).max(1_000),
    license: z.string().min(1).max(200),
    card: z.url({ protocol: /^https?$/ }),
    coverage: coverageSchema.default([]),
    looksAt: pluginLooksAt,
    deadlineMs: z.int().min(50).max(120_000).default(10_000),
  })
  .refine(({ labels }) => labels.some((label) => 'category' in label), { path: ['labels'], error: 'no label has a category' })
  .refine(({ input: { range } }) => range[0] < range[1], { path: ['input', 'range'], error: 'from the lower to the higher number' })
  .refine(({ input: { std } }) => [std].flat().every((one) => one > 0), { path: ['input', 'std'], error: 'must be above 0' });

export type ModelManifest = z.output<typeof modelManifestSchema>;
export type ModelLabel = ModelManifest['labels'][number];
