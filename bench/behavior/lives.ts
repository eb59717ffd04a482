import { seededRandom } from '../random.ts';
import type { Planned } from './later.ts';
import type { MonthRequest } from './month.ts';

/**
 * Ordinary ways to use a gateway that look like something else:
 *
 * - `designer`: one product, five words, before ever new scenes, up to 25 times in a session; what was refused by chance is said again once or twice
 * - `office`: one account of thirty people with a template of ten words and three slots
 * - `homework`: thirty students ask for the same thing within the hour, a third of them twice; the topic is refused now and then
 * - `translator`: each prompt twice, the second time in words of another language, names and numbers kept
 * - `storm`: a broken client that sends a refused prompt again every few seconds, unchanged, up to 60 times
 * - `described`: long prompts behind 25 words that an accessibility tool puts before each
 * - `viral`: one sentence that hundreds try with their own name for a week, refused as rarely as anything
 */
const LIVES = ['designer', 'office', 'homework', 'translator', 'storm', 'described', 'viral'] as const;
type Life = (typeof LIVES)[number];

const SECOND = 1_000;
const DAY = 86_400_000;

interface LifeParts {
  readonly unit: () => number;
  readonly phrase: (length: number, one?: () => string) => readonly string[];
  readonly rareWord: () => string;
  readonly vocabulary: number;
  readonly rareFrom: number;
  /** So many of each kind. */
  readonly accounts: number;
  readonly refused: number;
}

interface Session {
  readonly account: string;
  readonly times: number;
  readonly gapMs: number;
  readonly refused: number;
  /** Chance that what was refused is said again at once, one word changed. */
  readonly again: number;
  readonly say: (turn: number) => readonly string[];
}

type Go = Planned<MonthRequest>['request'];

/** Begins a session of one of them at some time. @returns when each of its first requests comes */
export function createLives({ unit, phrase, rareWord, vocabulary, rareFrom, accounts, refused }: LifeParts) {
  const integer = (below: number) => Math.floor(unit() * below);
  /** The same words for the same of whatever they belong to. */
  const own = (of: number, length: number) => {
    const random = seededRandom(of);
    return Array.from({ length }, () => `w${rareFrom + Math.floor(random() * (vocabulary - rareFrom))}`);
  };
  const changed = (words: readonly string[]) => {
    const copy = [...words];
    copy[integer(copy.length)] = rareWord();
    return copy;
  };

  function session(of: Session): Go {
    let turn = 0;
    const go = (words: readonly string[], isAgain: boolean): Go => {
      return (atMs) => {
        const isRefused = unit() < (isAgain ? Math.max(0.4, of.refused) : of.refused);
        const next = atMs + of.gapMs * (0.5 + unit());
        const request = { attempt: { account: of.account, atMs, words }, isRefused, strategy: null };
        if (isRefused && unit() < of.again) return { request, next: { atMs: next, request: go(changed(words), true) } };
        turn++;
        return { request, next: turn < of.times ? { atMs: next, request: go(of.say(turn), false) } : null };
      };
    };
    return go(of.say(0), false);
  }

  const BEGIN: Readonly<Record<Life, (account: string, number: number, atMs: number) => readonly Go[]>> = {
    designer: (account, number, atMs) => {
      const product = own(number * 1_009 + Math.floor(atMs / (4 * DAY)), 5);
      const say = () => [...phrase(3), ...product, ...phrase(8 + integer(8))];
      return [session({ account, say, times: 5 + integer(21), gapMs: 60 * SECOND, refused, again: 0.6 })];
    },
    office: (_, number) => {
      const template = own((number % 20) * 31 + 7, 10);
      const say = () => template.flatMap((word, i) => (i % 4 === 3 ? [...phrase(2), word] : [word]));
      return [session({ account: `ooffice${number % 20}`, say, times: 20 + integer(30), gapMs: 90 * SECOND, refused, again: 0.5 })];
    },
    homework: (account, number) => {
      const topic = own(number * 77 + 3, 6);
      return Array.from({ length: 30 }, (_, student) => {
        const say = () => [...topic.slice(0, 3), ...phrase(2), ...topic.slice(3), ...phrase(4)];
        return session({
          account: `${account}s${student}`,
          say,
          times: 1 + Number(student % 3 === 0),
          gapMs: 300 * SECOND,
          refused: 0.1,
          again: 0.4,
        });
      });
    },
    translator: (account) => {
      let last: readonly string[] = [];
      const say = (turn: number) => {
        last = turn % 2 === 0 ? phrase(14) : last.map((word, i) => (i % 5 === 0 ? word : `t${word}`));
        return last;
      };
      return [session({ account, say, times: 6 + integer(10), gapMs: 90 * SECOND, refused, again: 0.5 })];
    },
    storm: (account) => {
      const words = phrase(12);
      return [session({ account, say: () => words, times: 20 + integer(41), gapMs: 3 * SECOND, refused: 1, again: 0 })];
    },
    described: (account) => {
      const preamble = own(99, 25);
      const say = () => [...preamble, ...phrase(30 + integer(60))];
      return [session({ account, say, times: 3 + integer(10), gapMs: 180 * SECOND, refused, again: 0.5 })];
    },
    viral: (account, _, atMs) => {
      const sentence = own(Math.floor(atMs / (7 * DAY)) + 5, 9);
      const say = () => [...sentence.slice(0, 4), ...phrase(2), ...sentence.slice(4)];
      return [session({ account, say, times: 1 + integer(3), gapMs: 60 * SECOND, refused, again: 0.5 })];
    },
  };

  return (atMs: number): readonly Go[] => {
    const life = LIVES[integer(LIVES.length)] ?? 'designer';
    const number = integer(Math.max(1, accounts));
    return BEGIN[life](`o${life}${number}`, number, atMs);
  };
}
