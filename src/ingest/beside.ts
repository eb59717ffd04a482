import { ImprimaturError } from '../contracts/errors.ts';
import type { ParameterValue } from '../contracts/submission.ts';
import { textsOf, wordsBeside } from '../contracts/words-beside.ts';

/** A picture by address or in the text itself: past the upload's checks it would reach a model unseen. */
const PICTURE = /^\s*(data:|https?:|\/\/)/i;

/**
 * Texts beside the prompt are judged like it, so they may be as long as it at most, and none of them may be a picture.
 * @throws ImprimaturError REQUEST_INVALID
 */
export function requireWordsBeside(parameters: Readonly<Record<string, ParameterValue>>, maxChars: number): void {
  let chars = 0;
  for (const [name, value] of Object.entries(wordsBeside({ parameters }))) {
    const texts = textsOf(value);
    if (texts.some((text) => PICTURE.test(text))) {
      throw new ImprimaturError('REQUEST_INVALID', {
        hint: `"${name}" names a picture; pictures come as "image" of an edit, where they are looked at.`,
        param: name,
      });
    }
    chars += texts.reduce((sum, text) => sum + text.length, 0);
    if (chars > maxChars) {
      throw new ImprimaturError('REQUEST_INVALID', {
        hint: `The texts beside the prompt have more than ${maxChars} characters together; the most is what a prompt may have.`,
        param: name,
      });
    }
  }
}
