import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { type ModelManifest, modelManifestSchema } from './model-manifest.ts';
import { type ModelRecipe, probeAnswerSchema } from './model-question.ts';

export interface LoadedManifest {
  readonly manifest: ModelManifest;
  readonly recipe: ModelRecipe;
}

const MAX_MANIFEST_CHARS = 100_000;
/** A large model is read, hashed, optimized and asked once. */
const PROBE_MS = 120_000;

/** Reads a manifest; of the model itself only where it lies. @throws ImprimaturError CONFIG_INVALID that names the line of the manifest */
export async function readModelManifest(path: string): Promise<LoadedManifest> {
  const refuse = (detail: string, cause?: unknown) =>
    new ImprimaturError('CONFIG_INVALID', { detail: `detectors, ${path}: ${detail}`, cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw refuse('the manifest cannot be read', cause);
  });
  if (text.length > MAX_MANIFEST_CHARS) throw refuse(`a manifest has at most ${MAX_MANIFEST_CHARS} characters`);
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw refuse(`no YAML: ${cause instanceof Error ? cause.message.split('\n')[0] : ''}`, cause);
  }
  const parsed = modelManifestSchema.safeParse(document);
  if (!parsed.success) throw refuse(z.prettifyError(parsed.error));
  const manifest = parsed.data;
  const { input, output, sha256, labels } = manifest;
  return { manifest, recipe: { path: resolve(dirname(path), manifest.file), sha256, input, output, scores: labels.length } };
}

/**
 * Loads the model in a process of the pool and asks it about a black and a white picture.
 * @throws ImprimaturError DETECTOR_MODEL_ALTERED when its file is missing or has another hash, or when names, shapes or labels do not fit
 */
export async function probeModel({ manifest, recipe }: LoadedManifest, pool: WorkerPool): Promise<void> {
  const outcome = await pool.run<ModelRecipe, z.infer<typeof probeAnswerSchema>>({
    module: jobModule(import.meta.url, './probe-model-job'),
    input: recipe,
    deadlineMs: PROBE_MS,
    parse: (output) => probeAnswerSchema.parse(output),
  });
  const problem = outcome.kind === 'done' ? outcome.output.problem : `the process that tried it ${outcome.kind.replace('_', ' ')}`;
  if (problem !== null)
    throw new ImprimaturError('DETECTOR_MODEL_ALTERED', { detail: `detector ${manifest.id} (${manifest.file}): ${problem}.` });
}
