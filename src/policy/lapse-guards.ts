import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { PolicyDocument } from './document.ts';
import { floorOf } from './floors.ts';
import type { ReliedCheck } from './judge.ts';

/** The check that fails in place of the waiver that ran out. */
export function lapseCheck(category: Category): string {
  return `coverage:${category}`;
}

/**
 * These checks as a policy relies on them: each looks for its one category, in pictures. Held, or blocked where the policy blocks for
 * every check of its own that could not tell.
 */
export function lapseGuards({ checks }: Pick<PolicyDocument, 'checks'>): [string, ReliedCheck][] {
  const whenFailed = checks.every((check) => check.whenFailed === 'block') ? 'block' : 'hold';
  return CATEGORIES.map((category) => {
    const id = lapseCheck(category);
    const guardsFloor = floorOf(category) !== undefined;
    return [id, { entry: { id, whenFailed }, looksAt: ['input_image', 'artifact'], categories: [category], guardsFloor }];
  });
}
