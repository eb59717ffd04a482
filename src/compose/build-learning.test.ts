import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { loadModel } from '../prompts/learning/loaded-model.ts';
import { openModelSlot } from '../prompts/learning/model-slot.ts';
import { registerModel } from '../prompts/learning/model-store.ts';
import { modelFile } from '../prompts/learning/models.fixture.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { createLogger, createTelemetry } from '../telemetry/telemetry.ts';
import { buildLearning } from './build-learning.ts';

const text = await policyText('standard');
const held = loadPolicy(text, { checks: CHECKS });
const allowed = loadPolicy(text.replace(/^ {2}sexual: .*$/m, '  sexual: { label: 0.6 }'), { checks: CHECKS });
const WALRUS = ['a', 'walrus', 'in', 'a', 'boat'];

describeEachDatabase('a challenger in shadow', (open, kind) => {
  it.skipIf(kind === 'postgres')('is compared by the policy in force, also when boards put another one into force meanwhile', async () => {
    const db = await open();
    const { toolbox, journal } = await storedStage(db);
    const shipped = loadModel(modelFile());
    const file = modelFile({ shift: 0.001 });
    await registerModel(loadModel(file), file, 'key_op', { db, evidence: toolbox.evidence, journal });
    const slot = await openModelSlot({ db, shipped, everyMs: 60_000, onTrouble: () => undefined });
    const telemetry = createTelemetry(createLogger('silent'));
    let inForce: CompiledPolicy = held;
    const policy: Pick<CompiledPolicy, 'ref' | 'document'> = {
      get ref() {
        return inForce.ref;
      },
      get document() {
        return inForce.document;
      },
    };
    const models = { slot, shipped: shipped.sha256 };
    const learning = buildLearning({ models, policy, checks: { checks: [] }, telemetry, db, evidence: toolbox.evidence, journal });
    await slot.refresh();
    const counted = async () =>
      (await telemetry.registry.getSingleMetricAsString('imprimatur_prompt_shadow_total')).match(/sexual",outcome="\w+"} \d+/g);

    slot.score(WALRUS);
    await expect.poll(counted).toEqual(['sexual",outcome="both_flag"} 1']);
    expect(learning.flagFrom.get('sexual')).toBe(0.6);
    expect(learning.flagFrom).toBe(learning.flagFrom);
    inForce = allowed;
    slot.score(WALRUS);
    await expect.poll(counted).toEqual(['sexual",outcome="both_flag"} 1', 'sexual",outcome="neither"} 1']);
    // An evaluation goes by the same policy that its report names.
    expect([learning.flagFrom.get('sexual'), learning.policy]).toEqual([
      Number.POSITIVE_INFINITY,
      expect.stringContaining(allowed.ref.digest),
    ]);
    await slot.stop();
  });
});
