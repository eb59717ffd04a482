import type { Config } from '../config/load-config.ts';
import type { Check } from '../contracts/check.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { availableChecks } from './build-checks.ts';
import { shippedClassifier } from './build-learning.ts';

/**
 * The checks of this configuration for a command that runs without a gateway: no database, so no memory of conversations
 * and the classifier that ships. @throws ImprimaturError CONFIG_INVALID
 */
export async function withLocalChecks<T>(config: Config, work: (checks: readonly Check[]) => Promise<T>): Promise<T> {
  const pool = createWorkerPool({ size: 1 });
  const outbound = createOutbound();
  try {
    const classifier = await shippedClassifier();
    const { available } = await availableChecks(config, { pool, outbound, classifier, conversationMemory: ABSENT_MEMORY });
    return await work(available);
  } finally {
    await Promise.all([pool.close(), outbound.close()]);
  }
}
