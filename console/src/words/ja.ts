import { access } from './ja/access.ts';
import { boards } from './ja/boards.ts';
import { codes } from './ja/codes.ts';
import { core } from './ja/core.ts';
import { desk } from './ja/desk.ts';
import { manage } from './ja/manage.ts';
import { more } from './ja/more.ts';
import { problems } from './ja/problems.ts';
import { queues } from './ja/queues.ts';
import { rule } from './ja/rule.ts';
import { shipped } from './ja/shipped.ts';
import { team } from './ja/team.ts';
import type { Book } from './words.ts';

/** Every text in Japanese. */
export const ja: Book = {
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
