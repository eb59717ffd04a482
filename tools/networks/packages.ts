import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { manifestSchema } from './tfjs-weights.ts';

const require = createRequire(import.meta.url);

/** nsfwjs keeps a network in modules: one with its description, others with the weights in base64. They hold data and no code of use. */
export function readNsfwjs(model: string, shards: number): { readonly description: unknown; readonly bytes: Buffer } {
  const folder = join(packageFolder('nsfwjs'), 'dist/models', model);
  const load = (name: string): unknown => moduleSchema.parse(require(join(folder, `${name}.min.js`)));
  const parts = Array.from({ length: shards }, (_, i) => z.base64().parse(load(`group1-shard${i + 1}of${shards}`)));
  return { description: load('model'), bytes: Buffer.concat(parts.map((part) => Buffer.from(part, 'base64'))) };
}

const moduleSchema = z.union([z.object({ default: z.unknown() }).transform((module) => module.default ?? module), z.unknown()]);

export function readHuman(model: string): { readonly description: unknown; readonly bytes: Buffer } {
  const path = join(packageFolder('@vladmandic/human'), 'models', model);
  return { description: JSON.parse(readFileSync(`${path}.json`, 'utf8')), bytes: readFileSync(`${path}.bin`) };
}

export function readFaceApi(model: string): { readonly manifest: z.infer<typeof manifestSchema>; readonly bytes: Buffer } {
  const path = join(packageFolder('@vladmandic/face-api'), 'model', model);
  return {
    manifest: manifestSchema.parse(JSON.parse(readFileSync(`${path}-weights_manifest.json`, 'utf8'))),
    bytes: readFileSync(`${path}.bin`),
  };
}

/** Not by `package.json`, which some of them do not export. */
export function packageFolder(name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      readFileSync(join(folder, name, 'package.json'));
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  throw new Error(`${name} is not installed: run npm install in ${dirname(import.meta.dirname)}`);
}
