import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Queryable } from '../../storage/database.ts';
import type { LearningParts, Operator } from './label-store.ts';
import { lockLearning } from './lock-learning.ts';
import { modelReportSchema, objectionsTo } from './model-report.ts';
import { CHAMPION, findModel, makeChallenger } from './model-store.ts';

/** What stands beside the database when a model is to be promoted. */
export interface PromotionTerms {
  /** Digest of the model that ships with this build; null when none does. */
  readonly shipped: string | null;
  /** The policy in force. */
  readonly policy: string;
  /** See `Standing`; an operator can only ask for more than no regression. */
  readonly mostFalsePositives: number;
}

export type Promotion = { readonly promoted: true } | { readonly promoted: false; readonly objections: readonly string[] };

/** Digest that stands for "no model" in reports. */
export const NO_MODEL = 'none';

/**
 * Makes a model the champion if nothing speaks against it: evaluated against the champion of this moment, under the policy
 * in force, on every suite that the champion had to pass, without one regression.
 * @throws ImprimaturError NOT_FOUND
 */
export async function promoteModel(idOrDigest: string, terms: PromotionTerms, by: Operator, parts: LearningParts): Promise<Promotion> {
  const { db, journal } = parts;
  return db.transaction(async (tx) => {
    await lockLearning(tx);
    const { id, sha256, state, report } = await findModel(tx, idOrDigest);
    if (state === 'champion') return { promoted: false, objections: ['it is the champion already'] };
    const { policy, mostFalsePositives } = terms;
    const standing = { champion: await championDigest(tx, terms.shipped), policy, mostFalsePositives, suites: await requiredSuites(tx) };
    const objections = objectionsTo(report, standing);
    if (objections.length > 0) return { promoted: false, objections };
    await tx.query({
      text: 'insert into prompt_model_reigns (model_id, report) select id, report from prompt_models where id = $1',
      values: [id],
    });
    await makeChallenger(tx, null);
    const suites = report?.suites.map(({ name, sha256: digest }) => ({ name, sha256: digest })) ?? [];
    await journal.recordIn(tx, {}, [{ kind: 'model.promoted', model: id, sha256, instead: standing.champion, policy, suites, by }]);
    return { promoted: true };
  });
}

/**
 * Back to the champion before this one, and at last to the model that ships.
 * @returns the digest of the model that is in force now
 * @throws ImprimaturError REQUEST_INVALID when nothing was promoted
 */
export async function rollBackModel(shipped: string | null, by: Operator, { db, journal }: LearningParts): Promise<string> {
  return db.transaction(async (tx) => {
    await lockLearning(tx);
    const { rows } = await tx.query({
      text: `update prompt_model_reigns set rolled_back_at = clock_timestamp()
             where seq = (select max(seq) from prompt_model_reigns where rolled_back_at is null) returning model_id`,
    });
    if (rows[0] === undefined)
      throw new ImprimaturError('REQUEST_INVALID', { hint: 'No model was promoted: the one that ships is in force.' });
    const { model_id: model } = z.object({ model_id: z.string() }).parse(rows[0]);
    const back = await championDigest(tx, shipped);
    await journal.recordIn(tx, {}, [{ kind: 'model.rolled_back', model, to: back, by }]);
    return back;
  });
}

/** Digest of the champion's file; that of the shipped model when none was promoted. */
export async function championDigest(db: Queryable, shipped: string | null): Promise<string> {
  const { rows } = await db.query({ text: `select sha256 from prompt_models where id = (${CHAMPION})` });
  return rows[0] === undefined ? (shipped ?? NO_MODEL) : z.object({ sha256: z.string() }).parse(rows[0]).sha256;
}

/** A rolled-back reign asks for nothing any more. */
async function requiredSuites(db: Queryable) {
  const { rows } = await db.query({
    text: 'select report from prompt_model_reigns where rolled_back_at is null order by seq desc limit 1',
  });
  return rows[0] === undefined ? [] : z.object({ report: modelReportSchema }).parse(rows[0]).report.suites;
}
