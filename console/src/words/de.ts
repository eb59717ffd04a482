import { access } from './de/access.ts';
import { boards } from './de/boards.ts';
import { codes } from './de/codes.ts';
import { core } from './de/core.ts';
import { desk } from './de/desk.ts';
import { manage } from './de/manage.ts';
import { more } from './de/more.ts';
import { problems } from './de/problems.ts';
import { queues } from './de/queues.ts';
import { rule } from './de/rule.ts';
import { shipped } from './de/shipped.ts';
import { team } from './de/team.ts';
import type { Book } from './words.ts';

/** Every text in German. */
export const de: Book = {
  ...core,
  ...more,
  ...boards,
  ...manage,
  ...access,
  ...team,
  ...rule,
  ...problems,
  ...desk,
  ...queues,
  ...shipped,
  ...codes,
};
