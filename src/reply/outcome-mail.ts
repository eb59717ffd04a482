import type { AppealState } from '../review/appeals/appeal-store.ts';
import type { NoticeOutcome } from '../review/notices/notice-store.ts';
import { BOOKS } from './public-words/public-books.ts';

interface OutcomeFacts {
  /** ISO 639; English where we do not speak it. */
  readonly language: string;
  /** Where it can be read. */
  readonly page: string;
  /** Receipt of the report, or id of the appeal. */
  readonly number: string;
}

type Outcome =
  | { readonly about: 'notice'; readonly outcome: NoticeOutcome }
  | { readonly about: 'appeal'; readonly outcome: Exclude<AppealState, 'open'> };

/** What a reporter or appellant is written, in the words of their page. No name, no picture, nothing that they wrote. */
export function outcomeMail({ language, page, number, ...rest }: OutcomeFacts & Outcome): {
  readonly subject: string;
  readonly text: string;
} {
  const { status, appeal } = BOOKS[language] ?? BOOKS.en;
  const [title, sentence] =
    rest.about === 'notice'
      ? [status.title, `${status.outcomes[rest.outcome]}\n\n${status.redress}`]
      : [appeal.title, appeal.states[rest.outcome]];
  return { subject: `${title} ${number}`, text: `${sentence}\n\n${page}\n` };
}
