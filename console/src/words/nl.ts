import { access } from './nl/access.ts';
import { boards } from './nl/boards.ts';
import { codes } from './nl/codes.ts';
import { core } from './nl/core.ts';
import { desk } from './nl/desk.ts';
import { manage } from './nl/manage.ts';
import { more } from './nl/more.ts';
import { problems } from './nl/problems.ts';
import { queues } from './nl/queues.ts';
import { rule } from './nl/rule.ts';
import { shipped } from './nl/shipped.ts';
import { team } from './nl/team.ts';
import type { Book } from './words.ts';

/** Every text in Dutch. */
export const nl: Book = {
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
