import { join } from 'node:path';
import { createCapabilities } from '../access/capabilities.ts';
import type { Controls } from '../access/controls.ts';
import type { Door } from '../access/door/door.ts';
import { createCanaryWatch } from '../access/gates/canary-watch.ts';
import { createGateBook } from '../access/gates/gate-book.ts';
import { createKillControl } from '../access/kill/kill-control.ts';
import { openSwitchBoard } from '../access/kill/switch-board.ts';
import { createRequireKnown } from '../access/known-names.ts';
import type { RaiseAlert } from '../announcements/alerts.ts';
import type { Config } from '../config/load-config.ts';
import type { ImageModel } from '../contracts/image-model.ts';
import { newInstanceId } from '../generations/instance.ts';
import type { Journal } from '../ledger/journal.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Database } from '../storage/database.ts';
import { openDatabase } from '../storage/open-database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { buildCare } from './build-care.ts';
import type { Closers } from './closers.ts';
import { openDoor } from './open-door.ts';
import { openLimits } from './open-limits.ts';
import { openStanding } from './open-standing.ts';

interface ControlsGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly policy: Pick<CompiledPolicy, 'document'>;
  readonly models: ReadonlyMap<string, ImageModel>;
  readonly raiseAlert: RaiseAlert;
  /** Keys the digests of users. */
  readonly key: Uint8Array;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** The controls, and what else stages are handed that belongs to them. */
export interface PipelineControls extends Controls {
  /** This process, as `instances` knows it. */
  readonly instanceId: string;
  readonly care: ReturnType<typeof buildCare>;
  readonly door: Door;
  /** Keyed digest of an end user. */
  readonly userDigest: ReturnType<typeof openStanding>['userDigest'];
}

/** Gates, kill switches and limits, known before the first request and read from now on. @throws as the database does when they cannot be read */
export async function openControls(config: Config, ground: ControlsGround): Promise<PipelineControls> {
  const instanceId = newInstanceId();
  const { db, journal, telemetry, closers, key } = ground;
  const failed = (what: string) => (error: unknown) => telemetry.stageFailed(error, what);
  const requireKnown = createRequireKnown({ db, ...namesOf(config) });
  const gates = createGateBook({ db, journal, models: [...ground.models.keys()], requireKnown, key });
  const { source, pace } = await ownConnection(config, ground);
  const board = await openSwitchBoard({ db: source, instanceId, loadGates: gates.load, onError: failed('kill switches'), ...pace });
  closers.add(board.stop);
  const liftedBy = () => ground.policy.document.killSwitches?.liftedBy ?? 'one';
  const kills = createKillControl({ db, urgent: source, journal, board, liftedBy, onError: failed('kill switch') });
  closers.add(kills.stop);
  const onRollBack: Parameters<typeof createCanaryWatch>[0]['onRollBack'] = (capability, { rate, side }) => {
    telemetry.log.warn({ event: 'gate.rolled_back', capability, rate, side });
    board.refresh().catch(failed('gates'));
  };
  const canary = createCanaryWatch({ db, journal, gates, onRollBack, onError: failed('canary') });
  closers.add(canary.stop);
  const care = buildCare(config, { ...ground, instanceId });
  const { door, source: asking } = await openDoor(config, ground);
  const { standing, userDigest } = openStanding(config.values, { db: asking, door, key });
  const controls = {
    standing,
    capabilities: createCapabilities(board, gates),
    gates,
    kills,
    canary,
    limits: await openLimits(config, { ...ground, requireKnown, door, source: asking, standing }),
    health: care.care.health,
    requireKnown,
    refresh: board.refresh,
    isCurrent: board.isCurrent,
  };
  return { ...controls, instanceId, care, door, userDigest };
}

/**
 * With PostgreSQL others may throw a switch at any time, so this process looks often, over connections that no long statement holds. The embedded
 * database has no other process: what was thrown here is known here.
 */
async function ownConnection({ values, dataDir }: Config, { db, telemetry, closers }: ControlsGround) {
  if (values.databaseUrl === undefined) return { source: db, pace: { pollMs: 1_000, maxAgeMs: Number.POSITIVE_INFINITY } };
  const source = await openDatabase({
    url: values.databaseUrl.reveal(),
    dataDir: join(dataDir, 'database'),
    logger: telemetry.log,
    // One that looks, and one for whoever throws a switch.
    poolSize: 2,
    statementTimeoutMs: STATEMENT_LIMIT_MS,
  });
  closers.add(() => source.close());
  return { source, pace: {} };
}

const STATEMENT_LIMIT_MS = 1_000;

/** Keys of the configuration are made after this, when the gateway begins to serve. */
function namesOf({ values: { surfaces, applications, keys } }: Config) {
  return {
    surfaces: [...surfaces, ...keys.flatMap(({ surface }) => surface ?? [])],
    applications: ['default', ...applications.map(({ id }) => id), ...keys.flatMap(({ application }) => application ?? [])],
  };
}
