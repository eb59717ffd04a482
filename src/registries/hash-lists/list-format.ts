/** How a list file is written. The last three are what exchanges give out; see `docs/hash-lists.md`. */
export const LIST_FORMATS = ['csv', 'jsonl', 'txt', 'threatexchange', 'stopncii', 'ncmec'] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];
