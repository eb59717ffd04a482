import type { CheckInput } from '../../contracts/check.ts';
import type { Effort } from './sight.ts';

/** A picture that is changed shows somebody who did not ask for it: there everything looks, always. */
export function effortFor({ operation }: CheckInput): Effort {
  return operation === 'edit' || operation === 'variation' ? 'thorough' : 'standard';
}
