import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import type { LearningParts, Operator } from './label-store.ts';
import type { LoadedModel } from './loaded-model.ts';
import { lockLearning } from './lock-learning.ts';
import { type ModelReport, modelReportSchema } from './model-report.ts';

export type ModelState = 'champion' | 'challenger' | 'retired';

/** A model that was handed in; the one that ships is not among them. */
export interface StoredModel {
  readonly id: string;
  readonly sha256: string;
  readonly version: string;
  readonly state: ModelState;
  readonly report: ModelReport | null;
  readonly registeredAt: Date;
  readonly registeredBy: string;
}

/** The newest reign that was not rolled back. */
export const CHAMPION = 'select model_id from prompt_model_reigns where rolled_back_at is null order by seq desc limit 1';

const COLUMNS = `id, sha256, version, report, registered_at, registered_by,
  case when id = (${CHAMPION}) then 'champion' when is_challenger then 'challenger' else 'retired' end as state`;

const modelRow = z.object({
  id: z.string(),
  sha256: z.string(),
  version: z.string(),
  state: z.enum(['champion', 'challenger', 'retired']),
  report: modelReportSchema.nullable(),
  registered_at: z.date(),
  registered_by: z.string(),
});

function toModel(row: unknown): StoredModel {
  const { registered_at, registered_by, ...model } = modelRow.parse(row);
  return { ...model, registeredAt: registered_at, registeredBy: registered_by };
}

/** Newest first. */
export async function listModels(db: Queryable): Promise<readonly StoredModel[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from prompt_models order by registered_at desc, id desc` });
  return rows.map(toModel);
}

/** By id or by digest of the file. @throws ImprimaturError NOT_FOUND */
export async function findModel(db: Queryable, idOrDigest: string): Promise<StoredModel> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from prompt_models where id = $1 or sha256 = $1`, values: [idOrDigest] });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  return toModel(rows[0]);
}

/** The file of a model, with the digest that it was handed in with. @throws ImprimaturError NOT_FOUND */
export async function modelFile(db: Queryable, id: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
  const { rows } = await db.query({ text: 'select bytes, sha256 from prompt_models where id = $1', values: [id] });
  if (rows[0] === undefined) throw new ImprimaturError('NOT_FOUND');
  return fileRow.parse(rows[0]);
}

const fileRow = z.object({ bytes: z.instanceof(Uint8Array), sha256: z.string() });

/** Keeps a model, and makes it the challenger in the place of any other, unless it is the champion. The same file twice is one model. */
export async function registerModel(model: LoadedModel, file: Uint8Array, by: Operator, parts: LearningParts): Promise<StoredModel> {
  const { db, journal } = parts;
  const { sha256, classifier } = model;
  return db.transaction(async (tx) => {
    await lockLearning(tx);
    const { rowCount } = await tx.query({
      text: `insert into prompt_models (id, sha256, version, bytes, registered_by) values ($1, $2, $3, $4, $5) on conflict (sha256) do nothing`,
      values: [newId('pmod'), sha256, classifier.version, Buffer.from(file), by],
    });
    const { id, state, version } = await findModel(tx, sha256);
    if (state === 'retired') await makeChallenger(tx, id);
    if (rowCount > 0) await journal.recordIn(tx, {}, [{ kind: 'model.registered', model: id, sha256, version, by }]);
    return findModel(tx, id);
  });
}

/** No one is the challenger with null. */
export async function makeChallenger(tx: Queryable, id: string | null): Promise<void> {
  await tx.query({ text: 'update prompt_models set is_challenger = false where is_challenger' });
  if (id !== null) await tx.query({ text: 'update prompt_models set is_challenger = true where id = $1', values: [id] });
}

/** Keeps the last report of a model. */
export async function recordReport(id: string, report: ModelReport, by: Operator, { db, journal }: LearningParts): Promise<void> {
  const { champion, policy, suites, regressions } = report;
  await db.transaction(async (tx) => {
    await tx.query({ text: 'update prompt_models set report = $2::jsonb where id = $1', values: [id, JSON.stringify(report)] });
    await journal.recordIn(tx, {}, [
      {
        kind: 'model.evaluated',
        model: id,
        against: champion,
        policy,
        suites: suites.map(({ name, sha256, rows }) => ({ name, sha256, rows })),
        regressions: regressions.length,
        by,
      },
    ]);
  });
}
