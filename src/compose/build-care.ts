import type { RaiseAlert } from '../announcements/alerts.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageModel } from '../contracts/image-model.ts';
import { startTurns } from '../jobs/start-turns.ts';
import type { Journal } from '../ledger/journal.ts';
import { createPseudonyms } from '../models/care/end-user-pseudonym.ts';
import { createModelCare, type ModelNeighbors } from '../models/care/model-care.ts';
import { createRefusalWatch } from '../models/care/refusal-watch.ts';
import { shareCare } from '../models/care/share-care.ts';
import type { Toolbox } from '../pipeline.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

interface CareGround {
  readonly db: Database;
  readonly journal: Journal;
  readonly models: ReadonlyMap<string, ImageModel>;
  readonly key: Uint8Array;
  readonly raiseAlert: RaiseAlert;
  readonly telemetry: Telemetry;
  /** This process, as `instances` knows it. */
  readonly instanceId: string;
  readonly closers: Closers;
}

/** Processes know of each other's upstreams after so long. */
const EXCHANGE_MS = 1_000;
const SWEEP_MS = 3_600_000;

/** What keeps upstreams well disposed: who stands in for whom, who rests, and by what name they know our users. @throws ImprimaturError CONFIG_INVALID */
export function buildCare(config: Config, ground: CareGround): Pick<Toolbox, 'care' | 'refusals' | 'pseudonymOf'> {
  const { modelCare } = config.values;
  const { db, journal, telemetry, raiseAlert, models, key } = ground;

  async function tell(model: string, state: 'blocked' | 'works'): Promise<void> {
    const kind = state === 'blocked' ? 'model.account_blocked' : 'model.account_works';
    telemetry.log[state === 'blocked' ? 'error' : 'info']({ event: kind, model });
    await db.transaction(async (tx) => {
      await journal.recordIn(tx, {}, [{ kind, model }]);
      if (state === 'works') return;
      const text = `The upstream of "${model}" has blocked the whole account. Users are not told that they did anything; a fallback serves where one is configured.`;
      await raiseAlert(tx, { key: `account-blocked:${model}`, severity: 'page', title: `Account of ${model} is blocked`, text });
    });
  }

  const care = createModelCare({
    models,
    neighbors: neighborsOf(config, models),
    limits: {
      failuresToRest: modelCare.failuresToRest,
      restMs: modelCare.restSeconds * 1_000,
      accountRestMs: modelCare.accountRestSeconds * 1_000,
    },
    onAccount: (model, state) => void tell(model, state).catch((error: unknown) => telemetry.stageFailed(error, 'account block')),
  });
  const refusals = createRefusalWatch({ most: modelCare.refusalsPerUser, windowMs: modelCare.refusalWindowMinutes * 60_000 });
  const shared = shareCare({ db, instanceId: ground.instanceId, care, refusals });
  const onError = (error: unknown) => telemetry.stageFailed(error, 'upstreams');
  // The embedded database has no other process.
  if (db.kind === 'postgres') {
    ground.closers.add(startTurns(shared.exchange, { everyMs: EXCHANGE_MS, onError }));
    ground.closers.add(startTurns(shared.sweep, { everyMs: SWEEP_MS, onError }));
  }
  return { care, refusals, pseudonymOf: createPseudonyms(key) };
}

function neighborsOf({ values }: Config, models: ReadonlyMap<string, ImageModel>): ReadonlyMap<string, ModelNeighbors> {
  return new Map(
    values.models.map(({ name, saferModel, fallback }) => {
      const named = { ...(saferModel === undefined ? {} : { saferModel }), ...(fallback === undefined ? {} : { fallback }) };
      for (const [member, other] of Object.entries(named)) {
        if (!models.has(other))
          throw new ImprimaturError('CONFIG_INVALID', { detail: `models.${name}.${member}: there is no model "${other}"` });
      }
      return [name, named];
    }),
  );
}
