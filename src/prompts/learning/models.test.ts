import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import type { Database } from '../../storage/database.ts';
import { storedStage } from '../../stored-toolbox.fixture.ts';
import type { LearningParts } from './label-store.ts';
import { loadModel } from './loaded-model.ts';
import { promoteModel, rollBackModel } from './model-reigns.ts';
import { compareModels } from './model-report.ts';
import { openModelSlot } from './model-slot.ts';
import { listModels, recordReport, registerModel } from './model-store.ts';
import { FLAG_FROM, modelFile, SUITE } from './models.fixture.ts';
import { listShadow } from './shadow-counts.ts';
import { parseSuite } from './suite.ts';

const shipped = loadModel(modelFile());
const terms = { shipped: shipped.sha256, policy: 'p@1', mostFalsePositives: 1 };

async function openRegistry(db: Database) {
  const { toolbox, journal, entries } = await storedStage(db);
  const parts: LearningParts = { db, evidence: toolbox.evidence, journal };
  const troubles: (string | null)[] = [];
  const outcomes: string[] = [];
  const openSlot = async () => {
    const slot = await openModelSlot({ db, shipped, everyMs: 60_000, onTrouble: (_, model) => troubles.push(model) });
    slot.watchChallenger({ flagFrom: () => FLAG_FROM, onShadow: (category, outcome) => outcomes.push(`${category} ${outcome}`) });
    return slot;
  };
  /** Hands a model in and evaluates it against the one in force. */
  async function handIn(shift: number, champion = shipped, suite = SUITE) {
    const file = modelFile({ shift });
    const model = loadModel(file);
    const stored = await registerModel(model, file, 'key_op', parts);
    const report = await compareModels({
      champion: { ...champion.classifier, sha256: champion.sha256 },
      challenger: model.classifier,
      suites: [parseSuite('frozen', suite)],
      flagFrom: FLAG_FROM,
      policy: 'p@1',
      at: new Date(),
    });
    await recordReport(stored.id, report, 'key_op', parts);
    return { ...model, id: stored.id };
  }
  const promote = (id: string) => promoteModel(id, terms, 'key_op', parts);
  const states = async () => (await listModels(db)).map(({ state }) => state).sort();
  const kinds = async () => (await entries()).map(({ kind }) => kind);
  return { parts, openSlot, handIn, promote, states, kinds, troubles, outcomes };
}

describeEachDatabase('prompt models', (open) => {
  it('take over in a running gateway, and give way again, each step in the ledger', async () => {
    const { openSlot, handIn, promote, states, kinds, parts } = await openRegistry(await open());
    const slot = await openSlot();
    expect(slot.champion()?.sha256).toBe(shipped.sha256);
    const next = await handIn(0.001);
    expect(await states()).toEqual(['challenger']);
    expect(await promote(next.id)).toEqual({ promoted: true });
    await slot.refresh();
    expect(slot.champion()?.sha256).toBe(next.sha256);
    const third = await handIn(0.002, next);
    expect(await promote(third.sha256)).toEqual({ promoted: true });
    expect(await states()).toEqual(['champion', 'retired']);
    expect(await rollBackModel(shipped.sha256, 'key_op', parts)).toBe(next.sha256);
    await slot.refresh();
    expect(slot.champion()?.sha256).toBe(next.sha256);
    expect(await rollBackModel(shipped.sha256, 'key_op', parts)).toBe(shipped.sha256);
    await slot.refresh();
    expect(slot.champion()?.sha256).toBe(shipped.sha256);
    await expect(rollBackModel(shipped.sha256, 'key_op', parts)).rejects.toThrow(/No model was promoted/);
    const step = ['model.registered', 'model.evaluated', 'model.promoted'];
    expect(await kinds()).toEqual([...step, ...step, 'model.rolled_back', 'model.rolled_back']);
    await slot.stop();
  });

  it('do not take over with a regression, without an evaluation, or against a champion that is none any more', async () => {
    const { handIn, promote, parts, kinds } = await openRegistry(await open());
    expect(await promote((await handIn(-30)).id)).toMatchObject({ promoted: false });
    expect(await promote((await handIn(30)).id)).toMatchObject({ promoted: false });
    const file = modelFile({ shift: 0.003 });
    const unjudged = await registerModel(loadModel(file), file, 'key_op', parts);
    expect(await promote(unjudged.id)).toEqual({ promoted: false, objections: ['it was not evaluated'] });
    const [one, two] = [await handIn(0.001), await handIn(0.002)];
    expect(await promote(one.id)).toEqual({ promoted: true });
    expect(await promote(two.id)).toMatchObject({ promoted: false, objections: [expect.stringContaining('another model')] });
    await expect(promote('pmod_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await kinds()).filter((kind) => kind === 'model.promoted')).toHaveLength(1);
  });

  it('must hold on every suite that the champion passed, unchanged', async () => {
    const { handIn, promote } = await openRegistry(await open());
    const first = await handIn(0.001);
    await promote(first.id);
    const easier = await handIn(0.002, first, SUITE.split('\n').slice(1).join('\n'));
    expect(await promote(easier.id)).toMatchObject({ promoted: false, objections: [expect.stringContaining('was changed')] });
  });

  it('are promoted once when two operators promote two at the same moment', async () => {
    const { handIn, promote } = await openRegistry(await open());
    const [one, two] = [await handIn(0.001), await handIn(0.002)];
    const answers = await Promise.all([promote(one.id), promote(two.id)]);
    expect(answers.map(({ promoted }) => promoted).sort()).toEqual([false, true]);
  });

  it('that are damaged in the database are refused, and the one before stays', async () => {
    const { openSlot, handIn, promote, troubles, parts } = await openRegistry(await open());
    const slot = await openSlot();
    const next = await handIn(0.001);
    await promote(next.id);
    await parts.db.query({ text: "update prompt_models set bytes = substring(bytes from 1 for 5000) || '\\x00'::bytea" });
    await slot.refresh();
    await slot.refresh();
    expect(troubles).toEqual([next.id]);
    expect(slot.champion()?.sha256).toBe(shipped.sha256);
    expect(slot.score(['walrus']).length).toBeGreaterThan(0);
    await slot.stop();
  });

  it('stay in force while the database is away', async () => {
    const { openSlot, troubles, parts } = await openRegistry(await open());
    const slot = await openSlot();
    await parts.db.query({ text: 'drop table prompt_model_reigns' });
    await slot.refresh();
    expect(troubles).toEqual([null]);
    expect(slot.score(['walrus']).length).toBeGreaterThan(0);
    await slot.stop();
  });

  it('score in shadow without a say: only counts of agreement remain', async () => {
    const { openSlot, handIn, outcomes, parts } = await openRegistry(await open());
    const slot = await openSlot();
    const blind = await handIn(-30);
    await slot.refresh();
    const prompt = ['a', 'walrus', 'in', 'a', 'boat'];
    expect(slot.score(prompt)).toEqual(shipped.classifier.score(prompt));
    slot.score(['a', 'green', 'kettle', 'beside', 'a', 'blue', 'boat']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await slot.stop();
    const counts = await listShadow(parts.db);
    expect(counts.find(({ category }) => category === 'sexual')).toEqual({
      modelId: blind.id,
      champion: shipped.sha256,
      category: 'sexual',
      outcomes: { neither: 1, both_flag: 0, champion_only: 1, challenger_only: 0 },
    });
    expect(outcomes).toContain('sexual champion_only');
    expect(JSON.stringify(counts)).not.toContain('walrus');
  });
});
