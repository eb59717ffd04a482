import { access } from './it/access.ts';
import { boards } from './it/boards.ts';
import { codes } from './it/codes.ts';
import { core } from './it/core.ts';
import { desk } from './it/desk.ts';
import { manage } from './it/manage.ts';
import { more } from './it/more.ts';
import { problems } from './it/problems.ts';
import { queues } from './it/queues.ts';
import { rule } from './it/rule.ts';
import { shipped } from './it/shipped.ts';
import { team } from './it/team.ts';
import type { Book } from './words.ts';

/** Every text in Italian. */
export const it: Book = {
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
