import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import { checkNetworks } from '../detectors/networks/check-networks.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { combineRegistries } from '../registries/hash-lists/combined-registry.ts';
import type { HashRegistry } from '../registries/hash-lists/hash-registry.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { availableChecks } from './build-checks.ts';
import { shippedClassifier } from './build-learning.ts';
import { DETECTOR_RSS_MB } from './open-ground.ts';
import { configuredLists } from './open-hash-lists.ts';

export interface CurationTools {
  readonly pool: WorkerPool;
  readonly hashLists: HashRegistry;
  readonly checks: readonly Check[];
  /** Undefined where the networks are not there. */
  readonly looker: PictureLooker | undefined;
  /** Checks that were wanted and are not there. */
  readonly missing: readonly string[];
}

/** @param wanted ids of checks; @param imported the lists that operators imported; @param processes for each kind of work */
export async function withCurationTools<T>(
  config: Config,
  { wanted, imported, processes }: { readonly wanted: readonly string[]; readonly imported: HashRegistry; readonly processes: number },
  work: (tools: CurationTools) => Promise<T>,
): Promise<T> {
  const pool = createWorkerPool({ size: processes });
  const detectorPool = createWorkerPool({ size: processes, maxRssMb: DETECTOR_RSS_MB });
  const outbound = createOutbound();
  try {
    const configured = await configuredLists(config.values);
    const hashLists = combineRegistries(() => [configured, imported]);
    const { checks, looker } = (await areNetworksHere())
      ? await theseChecks(config, wanted, { pool, detectorPool, outbound, hashLists })
      : { checks: [], looker: undefined };
    const missing = wanted.filter((id) => !checks.some((check) => check.id === id));
    return await work({ pool, hashLists, checks, looker, missing });
  } finally {
    await Promise.all([pool.close(), detectorPool.close(), outbound.close()]);
  }
}

type Ground = Pick<Parameters<typeof availableChecks>[1], 'pool' | 'outbound'> & {
  readonly detectorPool: WorkerPool;
  readonly hashLists: HashRegistry;
};

async function theseChecks(config: Config, wanted: readonly string[], ground: Ground) {
  const classifier = await shippedClassifier();
  const { available, looker } = await availableChecks(config, { ...ground, classifier, conversationMemory: ABSENT_MEMORY });
  return { checks: available.filter(({ id }) => wanted.includes(id)), looker };
}

/** A folder can be curated without the networks; the manifest then says what nobody looked for. */
async function areNetworksHere(): Promise<boolean> {
  try {
    await checkNetworks();
    return true;
  } catch (error) {
    if (error instanceof ImprimaturError && error.code === 'DETECTOR_MODEL_ALTERED') return false;
    throw error;
  }
}
