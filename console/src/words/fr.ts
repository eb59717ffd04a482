import { access } from './fr/access.ts';
import { boards } from './fr/boards.ts';
import { codes } from './fr/codes.ts';
import { core } from './fr/core.ts';
import { desk } from './fr/desk.ts';
import { manage } from './fr/manage.ts';
import { more } from './fr/more.ts';
import { problems } from './fr/problems.ts';
import { queues } from './fr/queues.ts';
import { rule } from './fr/rule.ts';
import { shipped } from './fr/shipped.ts';
import { team } from './fr/team.ts';
import type { Book } from './words.ts';

/** Every text in French. */
export const fr: Book = {
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
