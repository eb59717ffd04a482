import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ManagedLists } from '../registries/hash-lists/managed-lists.ts';
import { createOptOutRegistry, type OptOutRegistry } from '../registries/opt-outs/opt-out-registry.ts';
import { createPeopleRegistry, type PeopleGround, type PeopleRegistry } from '../registries/people/people-registry.ts';
import { createStayDown, type StayDown } from '../review/notices/stay-down.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';
import { openHashLists } from './open-hash-lists.ts';

interface RegisterParts extends PeopleGround {
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** Another process of the same database may have changed who opted out. Who is listed as a person is asked at every picture. */
const LOOK_EVERY_MS = 1_000;

/** What operators keep while the gateway runs. */
export interface Registers {
  readonly hashLists: ManagedLists;
  readonly people: PeopleRegistry;
  readonly optOuts: OptOutRegistry;
  readonly stayDown: StayDown;
}

/**
 * Every register, kept up to date from now on. A person whose key is lost keeps no gateway from starting: pictures with faces are then held,
 * and the person can be removed. @throws ImprimaturError CONFIG_INVALID when lists or opt-outs cannot be opened
 */
export async function openRegisters(config: Config, parts: RegisterParts): Promise<Registers> {
  const { telemetry, closers, ...ground } = parts;
  const stayDown = createStayDown(parts.db);
  const hashLists = await openHashLists(config, { ...parts, stayDown });
  const people = createPeopleRegistry(ground);
  const optOuts = createOptOutRegistry(ground);
  await optOuts.refresh().catch((cause: unknown) => {
    throw new ImprimaturError('CONFIG_INVALID', { detail: 'the register of opt-outs cannot be opened', cause });
  });
  const failed = (error: unknown) => telemetry.stageFailed(error, 'people');
  await people.tidy().catch(failed);
  await people.current().catch(failed);
  // The names of before stay in force when a look fails; the next one comes soon.
  const look = () => optOuts.refresh().catch((error: unknown) => telemetry.stageFailed(error, 'opt-outs'));
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  closers.add(async () => clearInterval(timer));
  return { hashLists, people, optOuts, stayDown };
}
