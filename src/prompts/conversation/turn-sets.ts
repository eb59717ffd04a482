/** A choice of earlier turns, numbered from the newest, 0; listed oldest first. */
export type TurnSet = readonly number[];

/** Turns of which every two are tried together with the present one. */
const NEAR = 5;
/** Last turns that are tried as they stand. */
const LAST = 4;

/**
 * The sets that are always tried, the likeliest first: all turns (drift over a chain), the last few, each single turn, and
 * every two of the last five. Larger choices are found from these, see `extensions`.
 */
export function firstSets(turns: number): readonly TurnSet[] {
  const lasts = [turns, 2, 3, LAST]
    .filter((last) => last > 0 && last <= turns)
    .map((last) => Array.from({ length: last }, (_, i) => last - 1 - i));
  const singles = Array.from({ length: turns }, (_, turn) => [turn]);
  const near = singles.slice(0, NEAR).flatMap(([older = 0]) => Array.from({ length: older }, (_, newer) => [older, newer]));
  return distinct([...lasts, ...singles, ...near]);
}

/** A set with one more turn, in each way. */
export function extensions(set: TurnSet, turns: number): readonly TurnSet[] {
  return Array.from({ length: turns }, (_, turn) => turn)
    .filter((turn) => !set.includes(turn))
    .map((turn) => [...set, turn].sort((a, b) => b - a));
}

/** Its name, for not trying it twice. */
export const nameOf = (set: TurnSet): string => set.join(' ');

/** The newest turns with none left out: a word can be cut between two of these. */
export function isLastTurns([oldest = 0, ...others]: TurnSet): boolean {
  return oldest === others.length;
}

function distinct(sets: readonly TurnSet[]): readonly TurnSet[] {
  return [...new Map(sets.map((set) => [nameOf(set), set])).values()];
}
