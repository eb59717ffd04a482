import { PERMISSIONS, type Permission } from '../access/permissions.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { USER_ACTIONS } from './decision-store.ts';
import { createQueues, type Queue, type Queues, SHIPPED_QUEUES } from './queues.ts';
import { type SecondReviewRule, SHIPPED_SECOND_REVIEW } from './second-review.ts';
import { CASE_DECISIONS } from './transitions.ts';

interface ConfiguredQueue extends Pick<Queue, 'id' | 'name' | 'description'> {
  /** Absent: it takes what is handed on to it. */
  readonly takes?: NonNullable<Queue['takes']>;
  readonly needs: string;
  readonly decides: string;
}

interface ConfiguredSecondReview extends Omit<SecondReviewRule, 'restricted' | 'decisions' | 'userActions'> {
  readonly decisions?: readonly string[];
  readonly userActions?: readonly string[];
}

/** What the configuration says of review; see `docs/review.md`. */
export interface ReviewSettings {
  readonly queues?: readonly ConfiguredQueue[];
  readonly secondReview: readonly ConfiguredSecondReview[];
  readonly withoutSecondReview: readonly string[];
}

/** Where cases wait, and when two people have to decide. */
export interface ReviewRules {
  readonly queues: Queues;
  readonly secondReview: readonly SecondReviewRule[];
}

/** The one rule that no configuration takes away. */
const ALWAYS = 'restricted';

/**
 * Everything that the settings name has to be there: a queue that nobody may see would swallow cases.
 * @throws ImprimaturError CONFIG_INVALID with every bad place and what may stand there
 */
export function reviewRules({ queues: own, secondReview, withoutSecondReview }: ReviewSettings, surfaces: readonly string[]): ReviewRules {
  const problems: string[] = [];
  const oneOf = <Name extends string>(place: string, known: readonly Name[], said: string): readonly Name[] => {
    const found = known.filter((name) => name === said);
    if (found.length === 0) problems.push(`review.${place}: there is no "${said}"; there are ${known.join(', ')}`);
    return found;
  };
  const queues = own === undefined ? SHIPPED_QUEUES : createQueues(own.flatMap((one, i) => queueOf(one, `queues.${i}`, oneOf)));
  const names = queues.map(({ id }) => id);
  for (const id of names.filter((name, i) => names.indexOf(name) !== i)) problems.push(`review.queues: there is another queue "${id}"`);
  own?.forEach(({ takes }, i) => {
    for (const surface of takes?.surfaces ?? []) oneOf(`queues.${i}.takes.surfaces`, surfaces, surface);
    if (takes?.categories?.includes('sexual_minors') === true)
      problems.push(`review.queues.${i}.takes.categories: "sexual_minors" always goes to child_safety`);
  });
  const rules = secondReview.map(({ decisions, userActions, ...rule }, i): SecondReviewRule => {
    const place = `secondReview.${i}`;
    for (const queue of rule.queues ?? []) oneOf(`${place}.queues`, names, queue);
    return {
      ...rule,
      ...(decisions && { decisions: decisions.flatMap((one) => oneOf(`${place}.decisions`, CASE_DECISIONS, one)) }),
      ...(userActions && { userActions: userActions.flatMap((one) => oneOf(`${place}.userActions`, USER_ACTIONS, one)) }),
    };
  });
  const optional = SHIPPED_SECOND_REVIEW.map(({ id }) => id).filter((id) => id !== ALWAYS);
  const without = withoutSecondReview.flatMap((id) => oneOf('withoutSecondReview', optional, id));
  if (problems.length > 0) throw new ImprimaturError('CONFIG_INVALID', { detail: problems.join('\n') });
  return { queues, secondReview: [...SHIPPED_SECOND_REVIEW.filter(({ id }) => !without.includes(id)), ...rules] };
}

type OneOf = <Name extends string>(place: string, known: readonly Name[], said: string) => readonly Name[];

/** None where its permissions are not there. */
function queueOf({ takes = undefined, ...queue }: ConfiguredQueue, place: string, oneOf: OneOf): readonly Queue[] {
  const permission = (which: 'needs' | 'decides'): readonly Permission[] => oneOf(`${place}.${which}`, PERMISSIONS, queue[which]);
  const [[needs], [decides]] = [permission('needs'), permission('decides')];
  if (needs === undefined || decides === undefined) return [];
  return [{ ...queue, takes: takes ?? null, needs, decides }];
}
