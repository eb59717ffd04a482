import { access } from './es/access.ts';
import { boards } from './es/boards.ts';
import { codes } from './es/codes.ts';
import { core } from './es/core.ts';
import { desk } from './es/desk.ts';
import { manage } from './es/manage.ts';
import { more } from './es/more.ts';
import { problems } from './es/problems.ts';
import { queues } from './es/queues.ts';
import { rule } from './es/rule.ts';
import { shipped } from './es/shipped.ts';
import { team } from './es/team.ts';
import type { Book } from './words.ts';

/** Every text in Spanish. */
export const es: Book = {
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
