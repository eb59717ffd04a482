import type { ImageModel } from '../../contracts/image-model.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';

// Placeholder until the painter's entry point arrives.
export function createDemoModel({ name }: { readonly name: string; readonly pool: WorkerPool }): ImageModel {
  return { name, kind: 'demo', operations: ['generate'], plan: () => ({ notes: [] }), render: async function* () {} };
}
