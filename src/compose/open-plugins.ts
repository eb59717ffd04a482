import { z } from 'zod';
import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { type LoadedManifest, probeModel, readModelManifest } from '../detectors/plugins/load-model.ts';
import { createModelCheck } from '../detectors/plugins/model-check.ts';
import { type CopyPlainly, createPlainCopier } from '../detectors/plugins/plain-copies.ts';
import { createServiceChecks, strictIdOf } from '../detectors/plugins/service-checks.ts';
import { createPictureDialect, NEEDS_KEY, serviceSchema } from '../detectors/plugins/service-kinds.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { PolicyDocument } from '../policy/document.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';

interface PluginGround {
  readonly pool: WorkerPool;
  readonly detectorPool: WorkerPool;
  readonly outbound: Outbound;
}

export interface Plugins {
  readonly checks: readonly Check[];
  /** Checks of one service, the one that holds and the one that blocks when it could not tell. */
  readonly pairs: readonly (readonly [name: string, strict: string])[];
  /** Tries every model in a process. @throws ImprimaturError DETECTOR_MODEL_ALTERED */
  probe(): Promise<void>;
}

type Entry = Config['values']['detectors'][number];

const modelEntrySchema = z.strictObject({ kind: z.literal('onnx'), manifest: z.string().min(1) });

/**
 * The checks of `detectors` in the configuration: models and services of the user's own. Opens no model and no connection.
 * @param shipped ids that are taken
 * @throws ImprimaturError CONFIG_INVALID that names every problem
 */
export async function openPlugins(entries: readonly Entry[], ground: PluginGround, shipped: readonly string[] = []): Promise<Plugins> {
  const problems: string[] = [];
  // One copy of a picture serves all services.
  const copy = createPlainCopier(ground.pool);
  const built = await Promise.all(
    entries.map(async (entry, at): Promise<Built> => {
      try {
        return entry.kind === 'onnx' ? await openModel(entry, ground) : openService(entry, ground, copy);
      } catch (error) {
        problems.push(`detectors[${at}]: ${describe(error)}`);
        return { checks: [], manifests: [] };
      }
    }),
  );
  const checks = built.flatMap((one) => one.checks);
  const ids = [...shipped, ...checks.map(({ id }) => id)];
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) problems.push(`detectors: there is a check "${id}" already`);
  if (problems.length > 0) throw new ImprimaturError('CONFIG_INVALID', { detail: problems.join('\n') });
  const manifests = built.flatMap((one) => one.manifests);
  return {
    checks,
    pairs: checks.flatMap(({ id }) => (ids.includes(strictIdOf(id)) ? [[id, strictIdOf(id)] as const] : [])),
    async probe() {
      for (const manifest of manifests) await probeModel(manifest, ground.detectorPool);
    },
  };
}

/**
 * A policy that listed only one of two checks of a service would leave out half of what it looks for, and the half that is to block must block.
 * @throws ImprimaturError POLICY_INVALID
 */
export function refuseHalves(pairs: Plugins['pairs'], { checks }: Pick<PolicyDocument, 'checks'>): void {
  for (const [name, strict] of pairs) {
    const [held, blocked] = [name, strict].map((id) => checks.find((check) => check.id === id));
    const [listed, missing] = held === undefined ? [strict, name] : [name, strict];
    if ((held === undefined) !== (blocked === undefined))
      throw new ImprimaturError('POLICY_INVALID', {
        detail: `the policy lists "${listed}" and not "${missing}", which is the other half of that service`,
      });
    if (blocked !== undefined && blocked.whenFailed !== 'block')
      throw new ImprimaturError('POLICY_INVALID', {
        detail: `"${strict}" is there to block when it could not tell: give it "whenFailed: block"`,
      });
  }
}

interface Built {
  readonly checks: readonly Check[];
  readonly manifests: readonly LoadedManifest[];
}

async function openModel({ apiKey: _none, ...entry }: Entry, { detectorPool }: PluginGround): Promise<Built> {
  const loaded = await readModelManifest(modelEntrySchema.parse(entry).manifest);
  return { checks: [createModelCheck(loaded.manifest, loaded.recipe, detectorPool)], manifests: [loaded] };
}

function openService({ apiKey, ...entry }: Entry, { outbound }: PluginGround, copy: CopyPlainly): Built {
  const settings = serviceSchema.parse(entry);
  if (apiKey === undefined && NEEDS_KEY.has(settings.kind)) throw new TypeError(`${settings.kind} needs an "apiKey"`);
  const dialect = createPictureDialect(settings, apiKey === undefined ? undefined : () => apiKey.reveal());
  return { checks: createServiceChecks({ settings, dialect, outbound, copy }), manifests: [] };
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : 'not an Error';
}
