import { createConductor } from './conductor.ts';
import { createGenerationStore } from './generations/generation-store.ts';
import { createReplay } from './generations/replay.ts';
import { promptFindings } from './generations/stored-decisions.ts';
import { createJournal } from './ledger/journal.ts';
import { SHIPPED_QUEUES } from './review/queues.ts';
import type { ReviewCaseParts } from './settle/review-case.ts';
import type { Database } from './storage/database.ts';
import { migrate } from './storage/migrate.ts';
import { writeActs } from './storage/write-acts.ts';
import { type Scene, stage } from './toolbox.fixture.ts';

/** The pipeline of `toolbox.fixture.ts` over a real database, with everything that reads from it. */
export async function storedStage(db: Database, scene: Scene = {}) {
  await migrate(db);
  const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
  const { toolbox: made, steps } = stage(scene);
  const toolbox = { ...made, journal };
  const store = createGenerationStore(db);
  const { evidence, toRaster, policy, instanceId } = toolbox;
  const errors: unknown[] = [];
  const conductor = createConductor({
    toolbox,
    store,
    journal,
    replay: createReplay({ store, evidence, takedownOf: async () => null, patienceMs: 2_000 }),
    onError: (error) => errors.push(error),
  });
  const review: ReviewCaseParts = {
    db,
    journal,
    queues: SHIPPED_QUEUES,
    review: { policy, instanceId },
    reopen: { store, evidence, toRaster, promptFindings: (id) => promptFindings(db, id) },
    publish: toolbox,
    conductor,
    evidence,
    editPictures: async (rendered) => rendered,
    judge: toolbox,
  };
  const entries = async (): Promise<Record<string, unknown>[]> => {
    const { rows } = await db.query<{ text: string }>({
      text: "select convert_from(entry, 'utf8') as text from ledger_outbox order by id",
    });
    return rows.map(({ text }) => JSON.parse(text));
  };
  return { toolbox, steps, store, conductor, review, journal, entries, errors };
}
