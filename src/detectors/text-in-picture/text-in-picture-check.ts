import { z } from 'zod';
import type { Check } from '../../contracts/check.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { JudgeText } from '../../prompts/conversation/emergent-risk.ts';
import { CONVERSATION_CATEGORIES } from '../../prompts/conversation/remember-turn.ts';
import { effortFor } from '../looking/effort-for.ts';
import { TEXT_FILES } from './text-networks.ts';
import type { ReadDrawnText } from './text-reader.ts';

const optionsSchema = z.strictObject({ deadlineMs: z.int().positive().max(120_000).default(20_000) });

/** A classifier says a little about every text, most of all about a few letters on a sign. */
const NOTHING = 0.05;
const PREFIX = 'drawn-text:';

/** What this check takes of `CheckParts`. */
export interface TextInPictureParts {
  readonly readDrawnText: ReadDrawnText;
  /** Rules, classifier and names together, as they judge prompts. */
  readonly localJudge: { readonly version: string; readonly judge: JudgeText };
}

/**
 * Text that is drawn in a picture, judged as if it were a prompt; reasons are those of the prompt checks after `drawn-text:`. No span and no word of it stands
 * in the answer.
 */
export function createTextInPictureCheck({ readDrawnText, localJudge }: TextInPictureParts, options: unknown): Check {
  const { deadlineMs } = optionsSchema.parse(options ?? {});
  return {
    id: 'text-in-picture',
    get version() {
      return `2+${TEXT_FILES['text-lines.onnx'].slice(0, 8)}+${localJudge.version}`;
    },
    looksAt: ['input_image', 'artifact'],
    categories: CONVERSATION_CATEGORIES,
    // Words that are drawn say nothing of what a picture shows: a policy that relies on pixels must not take this for somebody who looks at them.
    coverage: [],
    deadlineMs,
    async detect(input, signal) {
      if (input.image === undefined) throw new TypeError('text-in-picture needs an image');
      const effort = input.subject.kind === 'input_image' ? 'thorough' : effortFor(input);
      const drawn = await readDrawnText(input.image, effort, signal);
      if (drawn.kind === 'unreadable') return { kind: 'abstained', reason: 'unreadable' };
      const signals = strongest(drawn.texts.flatMap((text) => localJudge.judge(text, input)));
      if (signals.length === 0 && !drawn.isWhole) return { kind: 'abstained', reason: 'too_much_text' };
      return { kind: 'signals', signals };
    },
  };
}

/** The strongest for each reason; their spans point into the picture's text, which nobody has. */
function strongest(signals: readonly Signal[]): Signal[] {
  const found = new Map<string, Signal>();
  for (const { category, score, reason } of signals) {
    const key = `${category} ${reason}`;
    if (score >= NOTHING && score > (found.get(key)?.score ?? 0)) found.set(key, { category, score, reason: `${PREFIX}${reason}` });
  }
  return [...found.values()];
}
