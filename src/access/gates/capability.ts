import type { ImageRequest, Operation } from '../../contracts/submission.ts';

/** What one gate stands before: a model or any, an operation or any, and perhaps one option of the request. */
export interface Capability {
  /** As it is written: `studio:edit`, `*:generate:quality=high`. */
  readonly name: string;
  readonly model: string;
  readonly operation: Operation | '*';
  /** `name=value` as the request says it; null: whatever the options. */
  readonly option: string | null;
}

const WRITTEN = /^(\*|[a-z0-9][a-z0-9._-]{0,62}):(generate|edit|variation|\*)(?::([\w.-]{1,64}=[^\s:]{1,64}))?$/;

/** Null when it is not written as `model:operation` or `model:operation:option=value`. */
export function parseCapability(name: string): Capability | null {
  const [, model, operation, option = null] = WRITTEN.exec(name) ?? [];
  if (model === undefined || operation === undefined) return null;
  return { name, model, operation: isOperation(operation) ? operation : '*', option };
}

function isOperation(text: string): text is Operation {
  return text === 'generate' || text === 'edit' || text === 'variation';
}

/** Whether a request passes this gate. */
export function isUsed({ model, operation, option }: Capability, request: ImageRequest): boolean {
  return (
    (model === '*' || model === request.model) &&
    (operation === '*' || operation === request.operation) &&
    (option === null || optionsOf(request).has(option.toLowerCase()))
  );
}

/** Options as gates name them: each plain parameter, and what a request has besides parameters. In lower case. */
function optionsOf({ parameters, stream, inputs, n }: ImageRequest): ReadonlySet<string> {
  const options = new Set<string>();
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') options.add(`${name}=${value}`.toLowerCase());
  }
  if (stream) options.add('stream=true');
  if (inputs.some(({ role }) => role === 'mask')) options.add('mask=true');
  if (inputs.filter(({ role }) => role === 'image').length > 1) options.add('images=many');
  if (n > 1) options.add('n=many');
  return options;
}
