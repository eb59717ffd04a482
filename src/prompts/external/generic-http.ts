import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { ClassifierDialect } from './classification.ts';
import { readShape } from './post-json.ts';

/** Name of the contract that `docs/detectors/prompt-external.md` describes; it stands in request and answer. */
const CONTRACT = 'imprimatur.classify/v1';

interface GenericOptions {
  readonly url: string;
  /** What the service promises to score. */
  readonly categories: readonly Category[];
  /** Changes when the operator changes what answers there. */
  readonly modelVersion: string;
  readonly apiKey?: (() => string) | undefined;
}

/** Any service that speaks our contract: text in, one score from 0 to 1 for each promised category out. */
export function createGenericHttp({ url, categories, modelVersion, apiKey }: GenericOptions): ClassifierDialect {
  const promised = Object.fromEntries(categories.map((category) => [category, z.number().min(0).max(1)]));
  const replySchema = z.object({ contract: z.literal(CONTRACT), scores: z.looseObject(promised) });
  return {
    version: `http/${modelVersion}`,
    categories,
    maxChars: 10_000,
    async classify(text, post) {
      const answer = await post({
        url,
        headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` },
        body: { contract: CONTRACT, text, categories },
      });
      const read = readShape(answer, replySchema);
      if (read.kind === 'failed') return read;
      const { scores } = read.value;
      return {
        kind: 'scores',
        scores: categories.map((category) => ({ category, score: z.number().parse(scores[category]), label: category })),
      };
    },
  };
}
