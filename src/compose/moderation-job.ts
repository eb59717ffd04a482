import { type About, type ModerateParts, moderateToJson, textSubject } from '../moderate.ts';
import { createOptOutNames, type Findable, NOBODY_OPTED_OUT, type OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import type { CheckSettings } from './build-checks.ts';
import { judgementKey } from './judgement-key.ts';
import { openTextChecks } from './text-checks.ts';

/** What a judgement depends on: files, which do not change while the gateway runs, and who opted out, which does. */
export interface ModerationInput {
  readonly settings: CheckSettings;
  readonly optOuts: {
    readonly version: string;
    /** Left out where this process may have them already: there may be thousands. */
    readonly findable?: readonly Findable[];
  };
  readonly about: About;
  readonly texts: readonly string[];
}

/** JSON of one moderation result for each text, null where a check could not tell; and what it was judged with. */
export interface ModerationOutput {
  /** Null: this process does not know who opted out, and judged nothing. */
  readonly key: string | null;
  readonly results: readonly (string | null)[];
}

let parts: Promise<ModerateParts & { readonly key: () => string }> | undefined;
let names = NOBODY_OPTED_OUT;
/** As they were sent last. Only one job at a time runs in a process. */
const optOutNames: OptOutNames = {
  get version() {
    return names.version;
  },
  get findable() {
    return names.findable;
  },
  judge: (reading) => names.judge(reading),
  notForTraining: (makers) => names.notForTraining(makers),
};

/** Runs in a process of its own. */
export async function run({ settings, optOuts, about, texts }: ModerationInput): Promise<ModerationOutput> {
  parts ??= build(settings);
  const built = await parts;
  if (optOuts.findable !== undefined) names = createOptOutNames(optOuts.findable);
  if (names.version !== optOuts.version) return { key: null, results: [] };
  return { key: built.key(), results: await Promise.all(texts.map((text) => moderateToJson([textSubject(text, about)], built))) };
}

async function build(settings: CheckSettings) {
  const { policy, runner } = await openTextChecks(settings, optOutNames);
  return { checks: runner, policy, key: () => judgementKey({ checks: runner, policy }) };
}
