import type { GenerationRow } from './act.ts';

/** The row of a request that just began, for tests; what matters to one is given by it. */
export function generationRow(id: string, more: Partial<GenerationRow> = {}): GenerationRow {
  return {
    id,
    request_id: 'req_1',
    key_id: 'key_1',
    application: 'default',
    surface: 'api',
    operation: 'generate',
    model: 'studio',
    state: 'running',
    body_digest: 'd',
    idempotency_key: null,
    owner: 'ins_1',
    submission: '',
    created_at: '2026-11-21T12:00:00.000Z',
    answer: null,
    ...more,
  };
}
