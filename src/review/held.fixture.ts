import type { Act } from '../storage/act.ts';
import { generationRow } from '../storage/generation-row.fixture.ts';
import { caseRow } from './open-case.ts';

/** A held prompt, its decision and its case, numbered; higher numbers came later. */
export function heldAct(n: number): Act {
  const at = `2026-11-21T12:00:0${n}.000Z`;
  return {
    generation: generationRow(`gen_${n}`, { state: 'held', created_at: at }),
    decision: { id: `dec_${n}`, generation_id: `gen_${n}`, stage: 'prompt', action: 'hold', policy: 'p', body: {}, decided_at: at },
    openCase: caseRow({
      id: `case_${n}`,
      about: { kind: 'generation', generationId: `gen_${n}`, stage: 'prompt', decisionId: `dec_${n}` },
      openedAt: new Date(at),
      categories: [],
    }),
    entries: [Buffer.from(`held ${n}`)],
  };
}
