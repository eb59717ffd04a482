import { access } from './pl/access.ts';
import { boards } from './pl/boards.ts';
import { codes } from './pl/codes.ts';
import { core } from './pl/core.ts';
import { desk } from './pl/desk.ts';
import { manage } from './pl/manage.ts';
import { more } from './pl/more.ts';
import { problems } from './pl/problems.ts';
import { queues } from './pl/queues.ts';
import { rule } from './pl/rule.ts';
import { shipped } from './pl/shipped.ts';
import { team } from './pl/team.ts';
import type { Book } from './words.ts';

/** Every text in Polish. */
export const pl: Book = {
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
