import type { Attempt } from '../../src/behavior/behavior.ts';
import { seededRandom } from '../random.ts';
import { Later, type Planned as PlannedRequest } from './later.ts';
import { createLives } from './lives.ts';
import { WORLDS, type WorldName } from './worlds.ts';

/** How accounts probe. `mass` asks for no forbidden thing: it only makes very many pictures. */
export const STRATEGIES = ['mutation', 'slow', 'dilution', 'rotation', 'template', 'mass'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface MonthRequest {
  readonly attempt: Attempt;
  readonly isRefused: boolean;
  /** Null: an ordinary account. */
  readonly strategy: Strategy | null;
}

const MONTH_MS = 30 * 86_400_000;
const SECOND = 1_000;
const HOUR = 3_600_000;
/** Share of requests that come from accounts which probe; with some 20 requests each, one account in a hundred. */
const PROBING_SHARE = 0.03;

type Planned = PlannedRequest<MonthRequest>;

/**
 * Requests of a month, in order of time. Words are numbers drawn from a Zipf distribution, so that unrelated prompts share common words; a few ordinary prompts are about
 * the topic of the day, which is often refused. Whoever is refused by chance may say it again in other words, and some accounts end every prompt with the same words of style.
 * How many, and how often, is the world's.
 */
export function createMonth({ requests: wanted, seed, world: name }: MonthOptions) {
  const { vocabulary, skew, rareFrom, ordinary: people, probing } = WORLDS[name];
  const random = seededRandom(seed);
  const unit = () => random();
  const integer = (below: number) => Math.floor(unit() * below);
  const from = ([least, most]: readonly [number, number]) => least + integer(most - least + 1);
  const word = () => `w${Math.floor(vocabulary ** (unit() ** skew)) - 1}`;
  const rareWord = () => `w${rareFrom + integer(vocabulary - rareFrom)}`;
  const phrase = (length: number, one: () => string = word) => Array.from({ length }, one);
  /** What is forbidden is said in words that are not the commonest. */
  const forbidden = () => probing.forbidden.flatMap((length, i) => phrase(length, i === 1 ? rareWord : word));
  const inOtherWords = (words: readonly string[], most: number) => {
    const copy = [...words];
    for (let i = 1 + integer(most); i > 0; i--) copy[integer(copy.length)] = word();
    return copy;
  };
  const campaigns = new Map<string, string>();
  let accounts = 0;
  let planted = 0;

  /** Tries again and again; `steps` says with which words and how long after. */
  function persistent(strategy: Strategy, say: () => readonly string[], more: PersistentOptions): Planned['request'] {
    const { gapMs, refusedShare } = more;
    let left = more.attempts;
    const go: Planned['request'] = (atMs) => {
      left--;
      const attempt = { ...more.who(), atMs, words: say() };
      const request = { attempt, isRefused: unit() < refusedShare, strategy };
      return { request, next: left > 0 ? { atMs: atMs + gapMs * (0.5 + unit()), request: go } : null };
    };
    return go;
  }

  function prober(): readonly Planned['request'][] {
    const strategy = STRATEGIES[integer(STRATEGIES.length)] ?? 'mutation';
    const account = `p${accounts++}`;
    const who = () => ({ account });
    const base = forbidden();
    const attempts = from(probing.attempts);
    const { changed, refused: refusedShare } = probing;
    switch (strategy) {
      case 'mutation':
        return [persistent(strategy, () => inOtherWords(base, changed), { who, attempts, gapMs: 20 * SECOND, refusedShare })];
      case 'slow':
        return [persistent(strategy, () => inOtherWords(base, changed), { who, attempts, gapMs: probing.slowHours * HOUR, refusedShare })];
      case 'dilution': {
        const say = () => [...phrase(from(probing.padding)), ...base, ...phrase(from(probing.padding))];
        return [persistent(strategy, say, { who, attempts, gapMs: 60 * SECOND, refusedShare: probing.dilutedRefused })];
      }
      case 'rotation': {
        const device = `d${accounts}`;
        let made = 0;
        const rotating = () => {
          const rotated = `p${device}-${Math.floor(made++ / probing.rotateAfter)}`;
          campaigns.set(rotated, device);
          return { account: rotated, device };
        };
        return [persistent(strategy, () => inOtherWords(base, changed), { who: rotating, attempts, gapMs: 40 * SECOND, refusedShare })];
      }
      case 'template':
        return campaign();
      case 'mass': {
        const say = () => inOtherWords(base, 2);
        return [persistent(strategy, say, { who, attempts: 300, gapMs: 0.15 * SECOND, refusedShare: 0.02 })];
      }
    }
  }

  /** One template with slots, handed to many accounts. */
  function campaign(): readonly Planned['request'][] {
    const name = `campaign ${planted++}`;
    const template = probing.templateWords.flatMap((length, i) => phrase(length, i === 1 ? word : rareWord));
    const say = () => template.map((one, i) => (probing.slots.includes(i) ? word() : one));
    return Array.from({ length: from(probing.campaign) }, () => {
      const account = `p${accounts++}`;
      campaigns.set(account, name);
      return persistent('template', say, {
        who: () => ({ account }),
        attempts: 10 + integer(6),
        gapMs: 120 * SECOND,
        refusedShare: probing.templateRefused,
      });
    });
  }

  const begin = createLives({
    ...{ unit, phrase, rareWord, vocabulary, rareFrom },
    accounts: Math.ceil(wanted * 0.002),
    refused: people.refused,
  });

  function ordinary(atMs: number): { readonly request: MonthRequest; readonly next: Planned | null } {
    const account = `o${Math.floor(unit() ** 2 * wanted * 0.3)}`;
    const isTopical = unit() < people.topical;
    const words = [...(isTopical ? [...topicOf(atMs), ...phrase(4)] : phrase(from(people.words))), ...habitOf(account)];
    const isRefused = unit() < (isTopical ? people.topicalRefused : people.refused);
    const lot = unit();
    const again = !isRefused || lot < people.never ? 0 : lot < people.never + people.once ? 1 : people.most;
    const request = { attempt: { account, atMs, words }, isRefused, strategy: null };
    return { request, next: again === 0 ? null : { atMs: atMs + 30 * SECOND, request: rephrase(account, words, again) } };
  }

  function rephrase(account: string, words: readonly string[], left: number): Planned['request'] {
    return (atMs) => {
      const isRefused = unit() < people.refusedAgain;
      const request = { attempt: { account, atMs, words: inOtherWords(words, 4) }, isRefused, strategy: null };
      return { request, next: isRefused && left > 1 ? { atMs: atMs + 30 * SECOND, request: rephrase(account, words, left - 1) } : null };
    };
  }

  function habitOf(account: string): readonly string[] {
    const own = seededRandom(Number(account.slice(1)) + 1);
    const [least, most] = people.habitWords;
    if (own() >= people.habit) return [];
    return Array.from({ length: least + Math.floor(own() * (most - least + 1)) }, () => `w${200 + Math.floor(own() * 6_000)}`);
  }

  const topics = new Map<number, readonly string[]>();
  function topicOf(atMs: number): readonly string[] {
    const day = Math.floor(atMs / 86_400_000);
    const known = topics.get(day) ?? phrase(5, rareWord);
    topics.set(day, known);
    return known;
  }

  return {
    *requests(): Generator<MonthRequest> {
      const later = new Later<MonthRequest>();
      for (let i = 0; i < wanted; ) {
        const atMs = (i / wanted) * MONTH_MS;
        const due = later.takeBefore(atMs);
        const { request, next } = due === null ? ordinary(atMs) : due.request(due.atMs);
        if (next !== null) later.add(next);
        if (due === null && unit() < people.lives)
          for (const one of begin(atMs)) later.add({ atMs: atMs + unit() * 3_600 * SECOND, request: one });
        // Begun so that probing accounts make their share of all requests, at 20 requests each.
        if (due === null && unit() < PROBING_SHARE / 20)
          for (const one of prober()) later.add({ atMs: atMs + unit() * 600 * SECOND, request: one });
        i++;
        yield request;
      }
    },
    get campaigns() {
      return planted;
    },
    /** By number of the account, the campaign that it was part of. */
    campaignOf: (numberOf: (account: string) => number) => new Map([...campaigns].map(([account, name]) => [numberOf(account), name])),
  };
}

interface MonthOptions {
  readonly requests: number;
  readonly seed: number;
  readonly world: WorldName;
}

interface PersistentOptions {
  readonly who: () => Pick<Attempt, 'account' | 'device'>;
  readonly attempts: number;
  readonly gapMs: number;
  readonly refusedShare: number;
}
