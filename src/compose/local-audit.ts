import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import type { ImageModel } from '../contracts/image-model.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import { checkNetworks } from '../detectors/networks/check-networks.ts';
import { createIsBlack } from '../detectors/pixels/is-black.ts';
import { CHECKS } from '../detectors/registry.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { availableChecks } from './build-checks.ts';
import { shippedClassifier } from './build-learning.ts';
import { buildModels } from './build-models.ts';
import { DETECTOR_RSS_MB } from './open-ground.ts';

export interface AuditTools {
  readonly pool: WorkerPool;
  readonly looker: PictureLooker;
  /** Of pictures, the operator's own included. */
  readonly checks: readonly Check[];
  readonly models: ReadonlyMap<string, ImageModel>;
}

/** Without lists and registers the others have nothing to say, and "no false alarms" of them would mean nothing. */
const BY_THEMSELVES: readonly string[] = ['nudity', 'file-sanity'];

/**
 * What an audit works with, in processes of its own and without a gateway.
 * @param wanted ids of checks; undefined: those that need no lists, and the operator's own
 * @throws ImprimaturError DETECTOR_MODEL_ALTERED, CONFIG_INVALID
 */
export async function withAuditTools<T>(
  config: Config,
  { wanted, processes }: { readonly wanted: readonly string[] | undefined; readonly processes: number },
  work: (tools: AuditTools) => Promise<T>,
): Promise<T> {
  await checkNetworks();
  const pool = createWorkerPool({ size: processes });
  const detectorPool = createWorkerPool({ size: processes, maxRssMb: DETECTOR_RSS_MB });
  const outbound = createOutbound();
  try {
    const classifier = await shippedClassifier();
    const ground = { pool, detectorPool, outbound, classifier, conversationMemory: ABSENT_MEMORY };
    const { available, inspector, looker } = await availableChecks(config, ground);
    const isOurs = (id: string) => CHECKS.some((entry) => entry.id === id);
    const isAsked = ({ id }: Check) => (wanted === undefined ? BY_THEMSELVES.includes(id) || !isOurs(id) : wanted.includes(id));
    const checks = available.filter((check) => check.looksAt.includes('input_image') && isAsked(check));
    const models = buildModels(config, { pool, outbound, isBlack: createIsBlack(inspector) });
    return await work({ pool, looker, checks, models });
  } finally {
    await Promise.all([pool.close(), detectorPool.close(), outbound.close()]);
  }
}
