/** A number from here to there. */
type Range = readonly [least: number, most: number];

/** How people of a synthetic month behave. */
export interface World {
  readonly vocabulary: number;
  /** 1: words come as Zipf's law says; above, the common ones more often. */
  readonly skew: number;
  /** Words from this rank on are not the commonest. */
  readonly rareFrom: number;
  readonly ordinary: {
    readonly words: Range;
    readonly refused: number;
    /** Share of prompts about the topic of the day, and how often those are refused. */
    readonly topical: number;
    readonly topicalRefused: number;
    /** Of those refused: who never says it in other words, who does once; all others up to `most` times. */
    readonly never: number;
    readonly once: number;
    readonly most: number;
    readonly refusedAgain: number;
    /** Share of accounts that end every prompt with the same words, and how many. */
    readonly habit: number;
    readonly habitWords: Range;
    /** Share of requests that begin a session of one of the ways of lives.ts. */
    readonly lives: number;
  };
  readonly probing: {
    /** Common, rare and again common words of what is forbidden. */
    readonly forbidden: readonly [number, number, number];
    readonly attempts: Range;
    readonly changed: number;
    readonly refused: number;
    readonly dilutedRefused: number;
    readonly padding: Range;
    /** Requests of a device before it takes another account. */
    readonly rotateAfter: number;
    readonly slowHours: number;
    readonly campaign: Range;
    readonly templateRefused: number;
    readonly slots: readonly number[];
    readonly templateWords: readonly [number, number, number];
  };
}

/** The weights were chosen on this one and on the next. */
const TUNING: World = {
  vocabulary: 30_000,
  skew: 1,
  rareFrom: 2_000,
  ordinary: {
    words: [4, 23],
    refused: 0.015,
    topical: 0.001,
    topicalRefused: 0.3,
    never: 0.6,
    once: 0.3,
    most: 3,
    refusedAgain: 0.4,
    habit: 0.3,
    habitWords: [7, 7],
    lives: 0,
  },
  probing: {
    forbidden: [3, 5, 3],
    attempts: [12, 29],
    changed: 3,
    refused: 0.85,
    dilutedRefused: 0.5,
    padding: [10, 19],
    rotateAfter: 3,
    slowHours: 3,
    campaign: [10, 39],
    templateRefused: 0.7,
    slots: [2, 7, 11],
    templateWords: [5, 4, 5],
  },
};

/**
 * Another author's assumptions: a third of all requests come from people who use a gateway in ways that look like probing (lives.ts), refusals are more frequent, and topics of
 * the day are asked for, and refused, far more often. Weights were chosen on this one, too.
 */
const LIVED_IN: World = {
  vocabulary: 50_000,
  skew: 1.08,
  rareFrom: 3_000,
  ordinary: {
    words: [3, 30],
    refused: 0.025,
    topical: 0.005,
    topicalRefused: 0.3,
    never: 0.5,
    once: 0.25,
    most: 4,
    refusedAgain: 0.45,
    habit: 0.4,
    habitWords: [5, 12],
    lives: 0.02,
  },
  probing: {
    forbidden: [4, 4, 2],
    attempts: [10, 30],
    changed: 4,
    refused: 0.8,
    dilutedRefused: 0.5,
    padding: [6, 26],
    rotateAfter: 2,
    slowHours: 4,
    campaign: [8, 50],
    templateRefused: 0.6,
    slots: [1, 6, 10],
    templateWords: [5, 5, 5],
  },
};

/**
 * Nothing was chosen on this one; it is for judging alone. Its figures sent the author back to the world before it twice; its accounts were looked at once, to learn for what ordinary people were flagged, and the causes were built into the world before
 * it. More words, longer prompts, ordinary people who are refused twice as often and insist longer, probers who are let
 * through more often.
 */
const HELD_OUT: World = {
  vocabulary: 80_000,
  skew: 1.15,
  rareFrom: 4_000,
  ordinary: {
    words: [6, 40],
    refused: 0.03,
    topical: 0.003,
    topicalRefused: 0.2,
    never: 0.5,
    once: 0.3,
    most: 4,
    refusedAgain: 0.4,
    habit: 0.45,
    habitWords: [4, 10],
    lives: 0,
  },
  probing: {
    forbidden: [2, 4, 4],
    attempts: [10, 40],
    changed: 4,
    refused: 0.75,
    dilutedRefused: 0.45,
    padding: [5, 30],
    rotateAfter: 2,
    slowHours: 5,
    campaign: [6, 60],
    templateRefused: 0.5,
    slots: [3, 8, 12, 13],
    templateWords: [6, 6, 6],
  },
};

export const WORLDS = { tuning: TUNING, 'lived-in': LIVED_IN, 'held-out': HELD_OUT } as const;
export type WorldName = keyof typeof WORLDS;
