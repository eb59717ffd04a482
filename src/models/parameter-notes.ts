import type { RenderRequest } from '../contracts/image-model.ts';
import type { InputImage, ParameterNote, ParameterValue } from '../contracts/submission.ts';

/** A note for each name whose condition holds. */
export function unsupportedWhere(cases: Readonly<Record<string, boolean>>): readonly ParameterNote[] {
  return Object.entries(cases).flatMap(([name, holds]): ParameterNote[] => (holds ? [{ name, what: 'unsupported' }] : []));
}

/** The input pictures or masks of a request. */
export function inputsOf({ inputs }: RenderRequest, role: InputImage['role']): readonly InputImage[] {
  return inputs.filter((input) => input.role === role);
}

/** True for the two names under which a caller may send an end user; our pseudonym goes out instead. */
export function isEndUserParameter(name: string): boolean {
  return name === 'user' || name === 'safety_identifier';
}

/** What became of an end user that the caller sent: replaced by our pseudonym, or not passed on. */
export function endUserNote(name: string, { replaced }: { readonly replaced: boolean }): ParameterNote {
  return { name, what: replaced ? 'clamped' : 'unsupported' };
}

/** What became of `size` where the upstream knows ratios only. `auto` and null leave it to the model, as asked. */
export function sizeNote(size: ParameterValue, ratio: string | undefined): readonly ParameterNote[] {
  if (ratio !== undefined) return [{ name: 'size', what: 'clamped', to: ratio }];
  return size === 'auto' || size === null ? [] : [{ name: 'size', what: 'unsupported' }];
}
