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
  const planned = model.plan(careful.request).notes;
  // What the model has no place for was not made stricter, and must not be said to be; a caller's parameter of that name hides nothing.
  const isLeftOut = ({ name }: ParameterNote) =>
    name !== 'conservative' && planned.some((one) => one.name === name && one.what === 'unsupported');
  const stricter = careful.notes.filter((note) => !isLeftOut(note));
  return { request: careful.request, notes: [...submission.notes, ...clamped.notes, ...stricter, ...planned] };
}
