import type { RenderRequest } from '../contracts/image-model.ts';
import type { ParameterNote, ParameterValue } from '../contracts/submission.ts';

/** How one kind of model is asked to be careful, by the names of its own parameters. What it has no parameter for is left out. */
interface Stricter {
  /** Takes a text of what must not be in the picture. */
  readonly negativePrompt?: string;
  /** For edits: the share of the picture that may be painted over. */
  readonly strength?: { readonly name: string; readonly most: number };
  /** Set where the caller said something else; what the caller left out is the strictest already. */
  readonly where?: Readonly<Record<string, ParameterValue>>;
}

const UNWANTED = 'nudity, nsfw, underwear, sexual, gore, blood, violence, child, celebrity';
/** Beyond half, an edit is another picture with the same outline. */
const MOST_STRENGTH = 0.5;
const LONGEST_SIDE = 1024;

const BY_KIND: Readonly<Record<string, Stricter>> = {
  openai: { where: { moderation: 'auto', input_fidelity: 'low', background: 'opaque' } },
  xai: { where: { resolution: '1k' } },
  stability: { negativePrompt: 'negative_prompt', strength: { name: 'strength', most: MOST_STRENGTH } },
  automatic1111: { negativePrompt: 'negative_prompt', strength: { name: 'denoising_strength', most: MOST_STRENGTH } },
  comfyui: { negativePrompt: 'negative_prompt', strength: { name: 'denoise', most: MOST_STRENGTH } },
  replicate: { negativePrompt: 'negative_prompt', strength: { name: 'prompt_strength', most: MOST_STRENGTH } },
  fal: { negativePrompt: 'negative_prompt', strength: { name: 'strength', most: MOST_STRENGTH } },
  bedrock: { negativePrompt: 'negative_prompt', strength: { name: 'strength', most: MOST_STRENGTH } },
};

/**
 * The request with stricter settings for this kind of model: one picture, of 1024 pixels at most, with a negative prompt, less strength and the
 * upstream's own checks at their strictest, as far as the kind has them. Adapters see `conservative` for what no parameter says. Each change is a note.
 */
export function conservativeRequest(kind: string, request: RenderRequest): { request: RenderRequest; notes: readonly ParameterNote[] } {
  const changes: Record<string, ParameterValue> = {
    ...smallerSize(request.parameters),
    ...(Object.hasOwn(BY_KIND, kind) ? stricterParameters(BY_KIND[kind] ?? {}, request) : {}),
  };
  const notes = Object.entries(changes).map(([name, value]): ParameterNote => ({ name, what: 'clamped', to: noteText(name, value) }));
  return {
    request: { ...request, n: 1, parameters: { ...request.parameters, ...changes }, conservative: true },
    notes: [
      { name: 'conservative', what: 'clamped', to: 'on' },
      ...(request.n > 1 ? [{ name: 'n', what: 'clamped', to: '1' } as const] : []),
      ...notes,
    ],
  };
}

/** A caller's negative prompt is theirs; it does not go into a header. */
const noteText = (name: string, value: ParameterValue) => (name.endsWith('prompt') ? 'stricter' : String(value));

function stricterParameters({ negativePrompt, strength, where = {} }: Stricter, { parameters, operation }: RenderRequest) {
  const changes: Record<string, ParameterValue> = {};
  if (negativePrompt !== undefined) {
    changes[negativePrompt] = withUnwanted(parameters[negativePrompt]);
  }
  if (strength !== undefined && operation === 'edit') {
    const asked = parameters[strength.name];
    if (!(typeof asked === 'number' && asked <= strength.most)) changes[strength.name] = strength.most;
  }
  for (const [name, value] of Object.entries(where))
    if (Object.hasOwn(parameters, name) && parameters[name] !== value) changes[name] = value;
  return changes;
}

/** Ours first: encoders and slots cut a long text off at its end, and a bracket that is opened before ours could take the weight from it. */
const withUnwanted = (own: unknown) => (typeof own === 'string' && own !== '' ? `${UNWANTED}, ${own}` : UNWANTED);

function smallerSize(parameters: RenderRequest['parameters']): Record<string, ParameterValue> {
  const changes: Record<string, ParameterValue> = {};
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(parameters['size'] ?? '')) ?? [];
  if (Math.max(Number(width ?? 0), Number(height ?? 0)) > LONGEST_SIDE) changes['size'] = `${LONGEST_SIDE}x${LONGEST_SIDE}`;
  for (const name of ['width', 'height']) if (Number(parameters[name] ?? 0) > LONGEST_SIDE) changes[name] = LONGEST_SIDE;
  return changes;
}

/**
 * An operator's own settings for an upstream, with every check that they name switched on and at its strictest. They go before what a caller says, so what is limited for
 * callers is limited here too: how much is painted over, how large, how many.
 */
export function strictestInput<Value>(input: Readonly<Record<string, Value>>): Readonly<Record<string, Value | boolean | number | string>> {
  const stricter: Record<string, Value | boolean | number | string> = { ...input };
  const as = (name: string, value: boolean | number) => {
    stricter[name] = typeof input[name] === 'string' ? String(value) : value;
  };
  for (const [name, value] of Object.entries(SWITCHES)) if (Object.hasOwn(input, name)) as(name, value);
  for (const [name, most] of Object.entries(AT_MOST)) if (Object.hasOwn(input, name) && !(Number(input[name]) <= most)) as(name, most);
  if (Object.hasOwn(input, 'negative_prompt')) stricter['negative_prompt'] = withUnwanted(input['negative_prompt']);
  return stricter;
}

const SWITCHES: Readonly<Record<string, boolean>> = { enable_safety_checker: true, disable_safety_checker: false };

const AT_MOST: Readonly<Record<string, number>> = {
  safety_tolerance: 1,
  strength: MOST_STRENGTH,
  prompt_strength: MOST_STRENGTH,
  width: LONGEST_SIDE,
  height: LONGEST_SIDE,
  num_images: 1,
  num_outputs: 1,
};
