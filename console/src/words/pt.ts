import { access } from './pt/access.ts';
import { boards } from './pt/boards.ts';
import { codes } from './pt/codes.ts';
import { core } from './pt/core.ts';
import { desk } from './pt/desk.ts';
import { manage } from './pt/manage.ts';
import { more } from './pt/more.ts';
import { problems } from './pt/problems.ts';
import { queues } from './pt/queues.ts';
import { rule } from './pt/rule.ts';
import { shipped } from './pt/shipped.ts';
import { team } from './pt/team.ts';
import type { Book } from './words.ts';

/** Every text in Portuguese. */
export const pt: Book = {
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
