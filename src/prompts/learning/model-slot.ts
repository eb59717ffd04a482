import { z } from 'zod';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Queryable } from '../../storage/database.ts';
import { ModelFileRejected } from '../classifier/model-file.ts';
import type { HeadScore, PromptClassifier } from '../classifier/prompt-classifier.ts';
import type { FlagFrom } from './evaluate-model.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';
import { CHAMPION, modelFile } from './model-store.ts';
import { createShadow, type Shadow } from './shadow.ts';
import { createShadowTally, type ShadowOutcome } from './shadow-counts.ts';

export interface ModelSlotParts {
  readonly db: Queryable;
  /** The model that ships; null when none does, and then nothing can be scored before one is promoted. */
  readonly shipped: LoadedModel | null;
  /** Time between two looks at the database. */
  readonly everyMs?: number;
  /** A model could not be used and the one before it stays; or the database did not answer. */
  readonly onTrouble: (error: unknown, model: string | null) => void;
}

export interface WatchOptions {
  /** Of the policy in force, which may change. */
  readonly flagFrom: () => FlagFrom;
  readonly onShadow: (category: Category, outcome: ShadowOutcome) => void;
}

/** The classifier in force: always the champion, whichever process promoted it. It decides alone; a challenger only counts. */
export interface ModelSlot extends PromptClassifier {
  /** What is loaded; null when nothing could be. */
  champion(): LoadedModel | null;
  /** From now on a challenger scores in shadow; it needs the thresholds of a policy, which is loaded later than the models. */
  watchChallenger(options: WatchOptions): void;
  /** Looks at the database now. Never rejects. */
  refresh(): Promise<void>;
  /** Writes the last counts. */
  stop(): Promise<void>;
}

const DEFAULT_EVERY_MS = 3_000;
const THRONE = `select (${CHAMPION}) as champion, (select id from prompt_models where is_challenger) as challenger`;
const throneRow = z.object({ champion: z.string().nullable(), challenger: z.string().nullable() });

/** Loads what the database names before it resolves, so that no request meets another model than the promoted one. */
export async function openModelSlot(parts: ModelSlotParts): Promise<ModelSlot> {
  const { db, shipped, everyMs = DEFAULT_EVERY_MS, onTrouble } = parts;
  const tally = createShadowTally();
  const categories = shipped?.classifier.categories ?? CATEGORIES;
  const loaded = modelReader(parts, categories);
  let inForce: { readonly id: string | null; readonly model: LoadedModel | null } = { id: null, model: shipped };
  let shadow: Shadow | null = null;
  let challenging: string | null = null;

  async function crown(champion: string | null): Promise<void> {
    if (champion === inForce.id) return;
    const model = champion === null ? shipped : await loaded(champion);
    if (model !== null || champion === null) inForce = { id: champion, model };
  }

  async function follow(challenger: string | null): Promise<void> {
    if (shadow === null || challenger === challenging) return;
    const model = challenger === null ? null : await loaded(challenger);
    shadow.follow(challenger === null || model === null ? null : { id: challenger, classifier: model.classifier });
    challenging = challenger;
  }

  async function look(): Promise<void> {
    const { rows } = await db.query({ name: 'prompt-model-throne', text: THRONE });
    const { champion, challenger } = throneRow.parse(rows[0]);
    await crown(champion);
    await follow(challenger);
    await tally.flush(db);
  }

  function current(): LoadedModel {
    if (inForce.model === null)
      throw new ImprimaturError('INTERNAL', { detail: 'there is no prompt model: none ships, none was promoted' });
    return inForce.model;
  }

  const looking = oneAtATime(look, (error) => onTrouble(error, null));
  await looking.now();
  const timer = setInterval(looking.ifIdle, everyMs);
  timer.unref();
  return {
    get version() {
      return inForce.model?.classifier.version ?? 'none';
    },
    categories,
    score(words): HeadScore[] {
      const { classifier, sha256 } = current();
      const scores = classifier.score(words);
      shadow?.compare(words, scores, sha256);
      return scores;
    },
    isForeign: (words) => current().classifier.isForeign(words),
    champion: () => inForce.model,
    watchChallenger(options) {
      shadow = createShadow({ ...options, tally });
      challenging = null;
    },
    refresh: looking.now,
    async stop() {
      clearInterval(timer);
      await looking.now();
    },
  };
}

/** Reads models out of the database. They never change, so one that was refused once is not read again. */
function modelReader({ db, onTrouble }: ModelSlotParts, categories: readonly Category[]) {
  const refused = new Set<string>();
  return async (id: string): Promise<LoadedModel | null> => {
    if (refused.has(id)) return null;
    const { bytes, sha256 } = await modelFile(db, id);
    try {
      const model = loadModel(bytes, categories);
      if (model.sha256 !== sha256) throw new ModelFileRejected('it is not the file that was handed in');
      return model;
    } catch (error) {
      refused.add(id);
      onTrouble(error, id);
      return null;
    }
  };
}

/** One run at a time; a run that is asked for always begins after the question. Never rejects. */
function oneAtATime(run: () => Promise<void>, onError: (error: unknown) => void) {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  const now = (): Promise<void> => {
    waiting += 1;
    last = last
      .then(run)
      .catch(onError)
      .finally(() => {
        waiting -= 1;
      });
    return last;
  };
  const ifIdle = () => {
    if (waiting === 0) void now();
  };
  return { now, ifIdle };
}
