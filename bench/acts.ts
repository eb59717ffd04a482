import { newId } from '../src/contracts/ids.ts';
import type { ActRows, EntryBody } from '../src/ledger/journal.ts';

const SUBMISSION = Buffer.alloc(600, 7).toString('base64');

/** What a refused generation writes: its row, its decision, and one ledger entry. */
export function refusedGeneration(): { readonly rows: ActRows; readonly entry: EntryBody } {
  const id = newId('gen');
  const decision = newId('dec');
  const at = new Date().toISOString();
  return {
    rows: {
      generation: {
        id,
        request_id: newId('req'),
        key_id: 'key_bench',
        application: 'default',
        surface: 'api',
        operation: 'generate',
        model: 'bench',
        state: 'refused',
        body_digest: id,
        idempotency_key: null,
        owner: 'bench',
        submission: SUBMISSION,
        created_at: at,
        answer: { kind: 'refused' },
      },
      decision: {
        id: decision,
        generation_id: id,
        stage: 'prompt',
        action: 'block',
        policy: 'bench@1.0.0',
        body: { findings: [] },
        decided_at: at,
      },
    },
    entry: { kind: 'decision', generation: id, decision, action: 'block', policy: 'bench@1.0.0' },
  };
}
