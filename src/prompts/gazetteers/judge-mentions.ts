import type { Category } from '../../contracts/category.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { Mention } from './find-mentions.ts';
import { type ContextKind, ENTRY_KINDS, type EntryKind } from './pack.ts';

/** Spans reported for one signal; a reviewer needs no more. */
const MAX_SPANS = 32;
/** Words between "by" or "in the style of" and the name of an artist; lists of five names are common. */
const STYLE_REACH = 12;
const TRADE_REACH = 4;
/** Words between "the film" or "soundtrack" and a title that is an everyday word. */
const RELEASE_REACH = 4;

/** What one kind of name says, without and with its context. A score of 0 says nothing. */
interface Meaning {
  readonly category: Category;
  readonly alone: number;
  /** A weak alias counts only with one of these. */
  readonly contexts: Partial<Record<ContextKind, number>>;
  /** Words between context and name; left out: anywhere in the prompt. */
  readonly within?: number;
}

/**
 * What is wanted of a name makes the score: a politician in handcuffs, a star in a fake photograph. A name alone scores below what a policy
 * holds by number; whether naming somebody is enough is for a rule of the policy to say.
 */
const MEANINGS: Readonly<Record<EntryKind, readonly Meaning[]>> = {
  politician: [
    { category: 'real_person_likeness', alone: 0.5, contexts: { depiction: 0.55, deception: 0.7, politics: 0.55 } },
    { category: 'political_disinformation', alone: 0.35, contexts: { depiction: 0.4, politics: 0.6, deception: 0.8 } },
  ],
  public_person: [{ category: 'real_person_likeness', alone: 0.45, contexts: { depiction: 0.5, deception: 0.65 } }],
  artist: [{ category: 'ip', alone: 0.35, contexts: { style: 0.5 }, within: STYLE_REACH }],
  studio_style: [{ category: 'ip', alone: 0.45, contexts: { style: 0.55 }, within: STYLE_REACH }],
  character: [{ category: 'ip', alone: 0.6, contexts: { style: 0.6, trade: 0.65, depiction: 0.6 } }],
  brand: [{ category: 'ip', alone: 0.45, contexts: { trade: 0.6 }, within: TRADE_REACH }],
  work: [{ category: 'ip', alone: 0.45, contexts: { release: 0.55 }, within: RELEASE_REACH }],
  political_event: [{ category: 'political_disinformation', alone: 0.35, contexts: { deception: 0.6, politics: 0.45, depiction: 0.4 } }],
  political_claim: [{ category: 'political_disinformation', alone: 0.6, contexts: { depiction: 0.7, deception: 0.7 } }],
};

/** The categories that a gazetteer can speak of. */
export const GAZETTEER_CATEGORIES: readonly Category[] = [
  ...new Set(Object.values(MEANINGS).flatMap((meanings) => meanings.map(({ category }) => category))),
];

/** One signal for each kind of name and category, at the highest score that its contexts give; `gazetteer:<kind>`. */
export function judgeMentions(mentions: readonly Mention[]): Signal[] {
  if (mentions.length === 0) return NOTHING;
  return ENTRY_KINDS.flatMap((kind) => {
    const own = mentions.filter((mention) => mention.kind === kind);
    return own.length === 0 ? [] : MEANINGS[kind].flatMap((meaning) => signalOf(kind, meaning, own, mentions));
  });
}

const NOTHING: Signal[] = [];

function signalOf(kind: EntryKind, meaning: Meaning, own: readonly Mention[], all: readonly Mention[]): Signal[] {
  const scored = own.map((mention) => ({ mention, score: scoreOf(meaning, mention, all) })).filter(({ score }) => score > 0);
  const score = Math.max(0, ...scored.map((one) => one.score));
  if (score === 0) return [];
  const spans = scored.slice(0, MAX_SPANS).map(({ mention }) => mention.span);
  return [{ category: meaning.category, score, reason: `gazetteer:${kind}`, spans }];
}

function scoreOf({ alone, contexts, within }: Meaning, mention: Mention, all: readonly Mention[]): number {
  let score = mention.isWeak ? 0 : alone;
  for (const [context, value] of Object.entries(contexts)) {
    if (value > score && all.some((other) => other.kind === context && isBeside(other, mention, within))) score = value;
  }
  return score;
}

/** A word that is part of the name itself is no context for it. */
function isBeside(context: Mention, name: Mention, within: number | undefined): boolean {
  if (context.first >= name.first && context.last <= name.last) return false;
  if (within === undefined) return true;
  return context.first <= name.last + within && context.last >= name.first - within;
}
