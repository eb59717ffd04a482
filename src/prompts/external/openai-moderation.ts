import { z } from 'zod';
import type { ClassifierDialect } from './classification.ts';
import { categoriesOf, type LabelMap, scoresOf } from './label-map.ts';
import { readShape } from './post-json.ts';

/**
 * OpenAI's thirteen labels (omni-moderation-latest, OpenAPI 2.3.0, CreateModerationResponse). `illicit` does not tell
 * goods from forged papers or dangerous medicine; it counts as the first.
 */
const LABELS: LabelMap = {
  sexual: ['sexual'],
  'sexual/minors': ['sexual_minors'],
  harassment: ['hate'],
  'harassment/threatening': ['hate'],
  hate: ['hate'],
  'hate/threatening': ['hate', 'extremism'],
  illicit: ['illegal_goods'],
  'illicit/violent': ['extremism'],
  'self-harm': ['self_harm'],
  'self-harm/intent': ['self_harm'],
  'self-harm/instructions': ['self_harm'],
  violence: ['violence_gore'],
  'violence/graphic': ['violence_gore'],
};

const score = z.number().min(0).max(1);
const every = <T extends z.ZodType>(value: T) => z.looseObject(Object.fromEntries(Object.keys(LABELS).map((label) => [label, value])));
const replySchema = z.object({
  results: z.array(z.object({ flagged: z.boolean(), categories: every(z.boolean()), category_scores: every(score) })).length(1),
});

/** From here on the label's own verdict says "flagged", whatever its score is: OpenAI's thresholds differ by label. */
const FLAGGED_SCORE = 0.5;

interface OpenAiModerationOptions {
  /** Ends before `/moderations`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: () => string;
}

/** OpenAI's moderation endpoint, or one that speaks like it. Every label must be answered, with a score from 0 to 1. */
export function createOpenAiModeration({ baseUrl, model, apiKey }: OpenAiModerationOptions): ClassifierDialect {
  return {
    version: `openai-moderation/${model}`,
    categories: categoriesOf(LABELS),
    maxChars: 16_000,
    async classify(text, post) {
      const answer = await post({
        url: `${baseUrl}/moderations`,
        headers: { authorization: `Bearer ${apiKey()}` },
        body: { model, input: text },
      });
      const read = readShape(answer, replySchema);
      if (read.kind === 'failed') return read;
      const byLabel: Record<string, number> = {};
      for (const { categories, category_scores: scores } of read.value.results) {
        for (const label of Object.keys(LABELS)) {
          const given = score.parse(scores[label]);
          byLabel[label] = categories[label] === true ? Math.max(given, FLAGGED_SCORE) : given;
        }
      }
      return { kind: 'scores', scores: scoresOf(LABELS, byLabel) };
    },
  };
}
