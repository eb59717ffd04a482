import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageModel } from '../contracts/image-model.ts';
import { createDemoModel } from '../models/demo/demo-model.ts';
import { MODEL_KINDS } from '../models/model-kinds.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

interface ModelParts {
  readonly pool: WorkerPool;
  readonly outbound: Outbound;
  readonly isBlack: (bytes: Uint8Array) => Promise<boolean>;
}

/** Every configured model under its name, in the order of the file; the first is the default. Throws CONFIG_INVALID. */
export function buildModels({ values }: Config, { pool, outbound, isBlack }: ModelParts): ReadonlyMap<string, ImageModel> {
  const models = new Map<string, ImageModel>();
  for (const { name, kind, apiKey, saferModel: _safer, fallback: _fallback, ...settings } of values.models) {
    if (models.has(name)) throw new ImprimaturError('CONFIG_INVALID', { detail: `models: two models have the name ${name}` });
    models.set(name, build(name, kind));

    function build(modelName: string, modelKind: string): ImageModel {
      if (modelKind === 'demo') return createDemoModel({ name: modelName, pool });
      const found = Object.hasOwn(MODEL_KINDS, modelKind) ? MODEL_KINDS[modelKind] : undefined;
      if (found === undefined) {
        const known = ['demo', ...Object.keys(MODEL_KINDS)].join(', ');
        throw new ImprimaturError('CONFIG_INVALID', { detail: `models.${modelName}: there is no kind "${modelKind}"; there are ${known}` });
      }
      const parts = { outbound, isBlack, ...(apiKey === undefined ? {} : { apiKey: () => apiKey.reveal() }) };
      return found.create({ name: modelName, settings, parts });
    }
  }
  for (const [alias, target] of Object.entries(values.aliases)) {
    if (!models.has(target)) throw new ImprimaturError('CONFIG_INVALID', { detail: `aliases.${alias}: there is no model "${target}"` });
  }
  return models;
}
