import type { Config } from '../config/load-config.ts';
import type { CheckEntry } from '../detectors/registry.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import { createOutbound } from '../outbound/outbound.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { openPromptModels } from './build-learning.ts';
import type { Closers } from './closers.ts';
import { openChecks } from './open-checks.ts';
import { openGround } from './open-ground.ts';
import { openPolicies } from './open-policies.ts';
import { openRecord } from './open-record.ts';
import { openRegisters } from './open-registers.ts';

/** What takes the place of the shipped parts. */
interface InPlaceOf {
  readonly checks?: readonly CheckEntry[];
  readonly evidence?: EvidenceStore;
  readonly journal?: Journal;
}

interface FoundationParts {
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** What everything else stands on: database, keys, evidence, the record of acts, the registers and the checks. */
export async function openFoundation(config: Config, overrides: InPlaceOf, { telemetry, closers }: FoundationParts) {
  const outbound = createOutbound();
  closers.add(() => outbound.close());
  const ground = await openGround(config, { telemetry, outbound, closers });
  const { db, keys } = ground;
  const evidence = overrides.evidence ?? ground.evidence;
  const recording = { db, keyPair: keys.ledger, outbound, telemetry, closers, journal: overrides.journal };
  const { clocks, ledger, journal } = openRecord(config, recording);
  const promptModels = await openPromptModels(db, telemetry, closers);
  const registers = await openRegisters(config, { db, journal, evidence, telemetry, closers });
  const building = { checks: overrides.checks, outbound, telemetry, closers, promptModels, registers, journal };
  const checks = await openChecks(config, { ...ground, evidence }, building);
  clocks.knowPolicy(checks.policy.document.deadlines);
  const policies = await openPolicies(config, { db, journal, checks, clocks, telemetry, closers });
  await clocks.startMissing(db);
  return { outbound, ground, evidence, clocks, ledger, journal, promptModels, registers, checks, policies };
}
