import { readFile } from 'node:fs/promises';
import { decodeModel } from './model-file.ts';
import type { PromptModel } from './prompt-model.ts';

/**
 * Reads a model file.
 * @throws ModelFileRejected; file system errors as they come
 */
export async function loadPromptModel(path: string): Promise<PromptModel> {
  return decodeModel(await readFile(path));
}
