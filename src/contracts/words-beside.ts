import type { ImageRequest, ParameterValue } from './submission.ts';

/** What these say is no text: a model takes one of a few values, and says so to any other. */
const SETTINGS: ReadonlyMap<string, RegExp> = new Map([
  ...[
    'aspect_ratio',
    'background',
    'input_fidelity',
    'moderation',
    'quality',
    'resolution',
    'sampler_name',
    'scheduler',
    'size',
    'style_preset',
    'visible_label',
  ].map((name) => [name, /^[\w.:+-]{1,40}$/] as const),
  ['style', /^(vivid|natural)$/],
]);

/** Whom it is for and what the caller calls it: goes to no model as text. */
const ABOUT_THE_CALLER: ReadonlySet<string> = new Set(['metadata', 'user', 'safety_identifier']);

/**
 * The parameters that carry words (`prompt_2`, `negative_prompt`, a caption in `controlnet`): a model may draw from them as it does from the
 * prompt, whatever they are called. What only sets something, numbers and switches are left out.
 */
export function wordsBeside({ parameters }: Pick<ImageRequest, 'parameters'>): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => !ABOUT_THE_CALLER.has(name) && !isSetting(name, value) && hasWords(value)),
  );
}

function isSetting(name: string, value: ParameterValue): boolean {
  return typeof value === 'string' && SETTINGS.get(name)?.test(value) === true;
}

function hasWords(value: ParameterValue): boolean {
  return textsOf(value).some((text) => /\p{L}/u.test(text));
}

/** Every text in a value, names of members included. */
export function textsOf(value: ParameterValue): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [...(Array.isArray(value) ? [] : [name]), ...textsOf(item)]);
}
