import type { Cleared } from '../contracts/cleared.ts';
import type { ImageModel, RenderRequest } from '../contracts/image-model.ts';
import type { Prechecked } from '../contracts/stages.ts';
import { LABEL_PARAMETER, type ParameterNote, type Submission } from '../contracts/submission.ts';
import { conservativeRequest } from '../models/conservative.ts';
import type { CompiledPolicy } from '../policy/compile.ts';

export interface RequestParts {
  readonly models: ReadonlyMap<string, ImageModel>;
  readonly policy: Pick<CompiledPolicy, 'clamp' | 'ref'>;
  /** By what name upstreams know an end user: the same for the same user of the same application, and nobody's own. Null: nobody said who. */
  readonly pseudonymOf: (submission: Submission) => string | null;
}

/** What the model is asked for: the caller's wish, limited by policy, stricter where the decision says so, and with our name for the end user. */
export function toRenderRequest(
  { submission, decision }: Cleared<Prechecked>,
  model: ImageModel,
  { policy, pseudonymOf }: RequestParts,
): { readonly request: RenderRequest; readonly notes: readonly ParameterNote[] } {
  const { prompt, operation, n, inputs, partialImages, stream, outputFormat, parameters } = submission.request;
  const { [LABEL_PARAMETER]: _ours, ...theirs } = parameters;
  const clamped = policy.clamp(theirs, submission.caller.user?.tier);
  const endUser = pseudonymOf(submission);
  const asked: RenderRequest = {
    operation,
    prompt,
    n,
    inputs,
    partialImages,
    stream,
    outputFormat,
    parameters: clamped.parameters,
    ...(endUser === null ? {} : { endUser }),
  };
  const careful = decision.obligations.conservative === true ? conservativeRequest(model.kind, asked) : { request: asked, notes: [] };
  const notes = [...submission.notes, ...clamped.notes, ...careful.notes, ...model.plan(careful.request).notes];
  return { request: careful.request, notes };
}
