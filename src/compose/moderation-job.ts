import { type About, type ModerateParts, moderateToJson, textSubject } from '../moderate.ts';
import type { CheckSettings } from './build-checks.ts';
import { judgementKey } from './judgement-key.ts';
import { openTextChecks } from './text-checks.ts';

/** The files that a judgement depends on; nothing secret, nothing that changes while the gateway runs. */
export interface ModerationInput {
  readonly settings: CheckSettings;
  readonly about: About;
  readonly texts: readonly string[];
}

/** JSON of one moderation result for each text, null where a check could not tell; and what it was judged with. */
export interface ModerationOutput {
  readonly key: string;
  readonly results: readonly (string | null)[];
}

let parts: Promise<ModerateParts & { readonly key: string }> | undefined;

/** Runs in a process of its own. */
export async function run({ settings, about, texts }: ModerationInput): Promise<ModerationOutput> {
  parts ??= build(settings);
  const built = await parts;
  return { key: built.key, results: await Promise.all(texts.map((text) => moderateToJson([textSubject(text, about)], built))) };
}

async function build(settings: CheckSettings) {
  const { policy, runner } = await openTextChecks(settings);
  return { checks: runner, policy, key: judgementKey({ checks: runner, policy }) };
}
