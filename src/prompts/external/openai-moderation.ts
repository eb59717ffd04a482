import { z } from 'zod';
import type { Classification, ClassifierDialect, JsonAnswer } from './classification.ts';
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
const every = <T extends z.ZodType>(labels: LabelMap, value: T) =>
  z.looseObject(Object.fromEntries(Object.keys(labels).map((label) => [label, value])));

function resultSchema(labels: LabelMap, input: 'text' | 'image') {
  const applied = every(
    labels,
    z.array(z.string()).refine((types) => types.includes(input)),
  );
  return z.object({
    flagged: z.boolean(),
    categories: every(labels, z.boolean()),
    category_scores: every(labels, score),
    // Without it nobody knows whether a picture was looked at; texts always are.
    category_applied_input_types: input === 'text' ? z.unknown() : applied,
  });
}

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
      return readModeration(answer, LABELS, 'text');
    },
  };
}

/** The service's answer about one input, each of `labels` answered and applied to that kind of input; otherwise a failure. */
export function readModeration(answer: JsonAnswer, labels: LabelMap, input: 'text' | 'image'): Classification {
  const read = readShape(answer, z.object({ results: z.array(resultSchema(labels, input)).length(1) }));
  if (read.kind === 'failed') return read;
  const byLabel: Record<string, number> = {};
  for (const { categories, category_scores: scores } of read.value.results) {
    for (const label of Object.keys(labels)) {
      const given = score.parse(scores[label]);
      byLabel[label] = categories[label] === true ? Math.max(given, FLAGGED_SCORE) : given;
    }
  }
  return { kind: 'scores', scores: scoresOf(labels, byLabel) };
}
