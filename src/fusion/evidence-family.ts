import type { SubjectRef } from '../contracts/finding.ts';

/**
 * Where a signal has its knowledge from. What comes from one source is wrong together: five readers of one sentence, or one network that
 * sees the same shapes before an edit and after it. `words`: whatever was written, in the prompt or in a file. `pictures`: what pixels show.
 * `comparison`: what changed between two pictures. `registries`: what somebody put on a list.
 */
export const FAMILIES = ['words', 'pictures', 'comparison', 'registries'] as const;
export type Family = (typeof FAMILIES)[number];

interface Said {
  readonly check: string;
  readonly reason: string;
  readonly subject: SubjectRef;
}

const BY_CHECK: ReadonlyMap<string, Family> = new Map([
  ['edit-anomaly', 'comparison'],
  ['known-hashes', 'registries'],
  ['person-match', 'registries'],
]);

/** Words that were found in a picture or its metadata are words all the same, and mostly those of the prompt. */
const WORDS_IN_PICTURES = /^(metadata|drawn-text):/;

export function familyOf({ check, reason, subject }: Said): Family {
  if (subject.kind === 'prompt' || WORDS_IN_PICTURES.test(reason)) return 'words';
  return BY_CHECK.get(check) ?? 'pictures';
}
