import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import { readShape } from '../../prompts/external/post-json.ts';
import type { PictureDialect } from './picture-service.ts';
import { asGiven, promisedScores } from './scores-of.ts';

/** Name of the contract that `docs/plugins.md` describes; it stands in request and answer. */
const CONTRACT = 'imprimatur.look/v1';

interface SimpleOptions {
  readonly url: string;
  /** What the service promises to score. */
  readonly categories: readonly Category[];
  /** Changes when the operator changes what answers there. */
  readonly modelVersion: string;
  readonly apiKey?: (() => string) | undefined;
}

/** Any service that speaks our contract: a picture in, one score from 0 to 1 for each promised category out. */
export function createSimpleHttp({ url, categories, modelVersion, apiKey }: SimpleOptions): PictureDialect {
  const replySchema = z.object({ contract: z.literal(CONTRACT), scores: promisedScores(categories) });
  return {
    version: `http/${modelVersion}`,
    categories,
    async look({ base64 }, post) {
      const answer = await post({
        url,
        headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` },
        body: { contract: CONTRACT, image: base64, media_type: 'image/jpeg', categories },
      });
      const read = readShape(answer, replySchema);
      return read.kind === 'failed' ? read : asGiven(categories, read.value.scores);
    },
  };
}
