import { listSurfaces } from '../access/surfaces/surface-store.ts';
import type { Config } from '../config/load-config.ts';
import type { CheckEntry } from '../detectors/registry.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Outbound } from '../outbound/outcome.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { UNKEPT_MEMORY } from '../prompts/conversation/absent-memory.ts';
import { CONVERSATION_CHECK } from '../prompts/conversation/remember-turn.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { buildChecks, checkSettings } from './build-checks.ts';
import { buildConversation } from './build-conversation.ts';
import type { PromptModels } from './build-learning.ts';
import { buildModeration, helpersFor } from './build-moderation.ts';
import type { Closers } from './closers.ts';
import { watchWaivers } from './lapsed-waivers.ts';
import type { Ground } from './open-ground.ts';
import type { Registers } from './open-registers.ts';

interface CheckBuild {
  readonly telemetry: Telemetry;
  readonly closers: Closers;
  /** Checks that take the place of the shipped ones. */
  readonly checks: readonly CheckEntry[] | undefined;
  readonly outbound: Outbound;
  readonly promptModels: PromptModels;
  readonly registers: Registers;
  readonly journal: Pick<Journal, 'record'>;
}

/** Everything that judges, and what it stands on. */
export async function openChecks(
  config: Config,
  ground: Ground,
  { checks, outbound, telemetry, closers, promptModels, registers, journal }: CheckBuild,
) {
  const { db, evidence, keys, pool, detectorPool, provenance } = ground;
  const conversationMemory = buildConversation({ db, evidence, promptKey: keys.prompt }, telemetry, closers);
  const built = await buildChecks(config, {
    readCredential: (bytes) => provenance.verify(bytes),
    pool,
    detectorPool,
    telemetry,
    outbound,
    conversationMemory,
    hashLists: registers.hashLists.registry,
    people: registers.people,
    optOuts: registers.optOuts.names,
    regionsOf: (surface) => config.values.readership[surface]?.regions,
    classifier: promptModels.slot,
    knownSurfaces: async () => (await listSurfaces(db, config.values.surfaces)).map(({ id }) => id),
    checks,
  });
  const waivers = watchWaivers(built.coverage, { telemetry, journal });
  closers.add(waivers.stop);
  const moderateTexts = buildModeration({
    checks: built.runner,
    policy: built.policy,
    settings: checkSettings(config.values),
    optOuts: registers.optOuts.names,
    // A check that a test planted is not there in another process.
    helpers: checks === undefined ? helpersFor(config.values.workers) : 0,
    closers,
  });
  const memoryFor = ({ checks: relied }: CompiledPolicy) =>
    relied.some(({ id }) => id === CONVERSATION_CHECK) ? conversationMemory : UNKEPT_MEMORY;
  return {
    ...built,
    moderateTexts,
    get conversationMemory() {
      return memoryFor(built.policy);
    },
    /** What one generation judges with, from its beginning to its end. @throws ImprimaturError POLICY_INVALID */
    pinned() {
      const { policy, runner } = built.inForce.now();
      return { policy, checks: runner, conversationMemory: memoryFor(policy) };
    },
  };
}
