import { access } from './ar/access.ts';
import { boards } from './ar/boards.ts';
import { codes } from './ar/codes.ts';
import { core } from './ar/core.ts';
import { desk } from './ar/desk.ts';
import { manage } from './ar/manage.ts';
import { more } from './ar/more.ts';
import { problems } from './ar/problems.ts';
import { queues } from './ar/queues.ts';
import { rule } from './ar/rule.ts';
import { shipped } from './ar/shipped.ts';
import { team } from './ar/team.ts';
import type { Book } from './words.ts';

/** Every text in Arabic. */
export const ar: Book = {
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
