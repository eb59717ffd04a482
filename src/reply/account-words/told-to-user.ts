import type { UserRequirement } from '../../contracts/end-user.ts';
import type { StandingFacts } from '../../contracts/errors.ts';
import { preferredLanguage } from '../sentences/public-sentence.ts';
import type { AccountWords } from './account-words.ts';
import { ar, hi, ja, ko, zh } from './asian-and-arabic.ts';
import { de, en, nl } from './germanic.ts';
import { es, fr, it, pt } from './romance.ts';
import { pl, ru, tr } from './slavic-and-turkic.ts';

const BOOKS: Readonly<Record<string, AccountWords>> = { en, de, nl, fr, es, pt, it, pl, ru, tr, ja, ko, zh, ar, hi };

interface Told {
  /** BCP 47 primary subtag. */
  readonly language: string;
  readonly text: string;
}

/** What an end user could bring to be allowed, in the first language that they understand and we speak; English else. Null when nothing would help. */
export function helpForUser({ tier, verified, age }: UserRequirement, acceptLanguage: string | undefined): Told | null {
  const language = preferredLanguage(acceptLanguage);
  const { help } = BOOKS[language] ?? en;
  const sentences = [
    ...(tier === undefined || tier === 'anonymous' ? [] : [help.tier[tier]]),
    ...(verified === undefined ? [] : [help.verified]),
    ...(age === undefined ? [] : [help.age.replace('{over}', String(age.over))]),
    ...(age?.method === undefined ? [] : [help.method[age.method]]),
    ...(age?.withinDays === undefined ? [] : [help.recent.replace('{days}', String(age.withinDays))]),
  ];
  return sentences.length === 0 ? null : { language, text: sentences.join(language === 'zh' || language === 'ja' ? '' : ' ') };
}

/** Why somebody is turned away whatever they ask for, in their language. */
export function standingForUser({ action, until }: StandingFacts, acceptLanguage: string | undefined): Told {
  const language = preferredLanguage(acceptLanguage);
  const words = BOOKS[language] ?? en;
  const text = action === 'step_up' ? words.stepUp : action === 'limit' ? words.limited : until === null ? words.ended : words.suspended;
  return { language, text: text.replace('{date}', () => (until === null ? '' : momentIn(language, until))) };
}

function momentIn(language: string, at: Date): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC', hourCycle: 'h23' })
    .format(at)
    .concat(' UTC');
}
