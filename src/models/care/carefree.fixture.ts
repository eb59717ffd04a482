import type { ImageModel } from '../../contracts/image-model.ts';
import type { Submission } from '../../contracts/submission.ts';
import type { ModelCare } from './model-care.ts';
import type { RefusalWatch } from './refusal-watch.ts';

/** Every model works, nobody rests, and users keep the name that the caller gave them. */
export function carefree(models: ReadonlyMap<string, ImageModel>) {
  const care: ModelCare = {
    routesFor: ({ model }) => ({ models: [models.get(model) ?? []].flat(), none: null }),
    ended: () => undefined,
    rests: () => [],
    rest: () => undefined,
    health: () => [],
  };
  const refusals: RefusalWatch = { restOf: () => 0, refused: () => undefined, news: () => [], heard: () => undefined };
  const pseudonymOf = ({ conversation, request }: Submission) => {
    const named = conversation?.endUsers[0] ?? request.parameters['safety_identifier'] ?? request.parameters['user'];
    return typeof named === 'string' ? named : null;
  };
  return { care, refusals, pseudonymOf };
}
