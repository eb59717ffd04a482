import { Secret } from '../config/secret.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { ABSENT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { NOBODY_OPTED_OUT, type OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { availableChecks, type CheckSettings } from './build-checks.ts';
import { shippedClassifier } from './build-learning.ts';
import { configuredPolicy } from './policy-runner.ts';

/** For texts alone: no picture is opened, nobody outside is asked. Whatever asks all the same fails, and so closes the gate. */
const NO_PICTURES: WorkerPool = {
  run: () => Promise.resolve({ kind: 'crashed', detail: 'only texts are judged here' }),
  close: () => Promise.resolve(),
};
const NOBODY: Outbound = {
  request: () => Promise.resolve(UNREACHABLE),
  open: () => Promise.resolve(UNREACHABLE),
  close: () => Promise.resolve(),
};
/** Nobody is asked, so nobody wants one. */
const NO_KEY = new Secret('none');
const UNREACHABLE = { kind: 'failed', cause: 'unreachable', reachedServer: false, detail: 'nobody outside is asked here' } as const;

/**
 * Policy and checks for texts, a pure function of the policy files, the model that ships, and who opted out: no database, no memory of
 * conversations, no process, no connection. @throws ImprimaturError POLICY_INVALID, CONFIG_INVALID
 */
export async function openTextChecks(settings: CheckSettings, optOuts: OptOutNames = NOBODY_OPTED_OUT) {
  // A policy may list them; what they are is known without asking them.
  const detectors = (settings.detectors ?? []).map((detector) => ({ ...detector, apiKey: NO_KEY }));
  const config = { values: { ...settings, classifiers: [], hashLists: [], detectors } };
  const { available } = await availableChecks(config, {
    pool: NO_PICTURES,
    outbound: NOBODY,
    classifier: await shippedClassifier(),
    conversationMemory: ABSENT_MEMORY,
    optOuts,
  });
  return configuredPolicy(config, available);
}
