import { categoriesOf, type LabelMap } from '../../prompts/external/label-map.ts';
import { readModeration } from '../../prompts/external/openai-moderation.ts';
import type { PictureDialect } from './picture-service.ts';

/** The labels that OpenAI applies to pictures (moderation guide, omni-moderation-latest); all others it gives 0 without looking. */
const LABELS: LabelMap = {
  sexual: ['sexual'],
  violence: ['violence_gore'],
  'violence/graphic': ['violence_gore'],
  'self-harm': ['self_harm'],
  'self-harm/intent': ['self_harm'],
  'self-harm/instructions': ['self_harm'],
};

interface ImageModerationOptions {
  /** Ends before `/moderations`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: () => string;
}

/** OpenAI's moderation of pictures. `category_applied_input_types` must say of each label that the picture was looked at. */
export function createOpenAiImageModeration({ baseUrl, model, apiKey }: ImageModerationOptions): PictureDialect {
  return {
    version: `openai-moderation/${model}`,
    categories: categoriesOf(LABELS),
    async look({ dataUrl }, post) {
      const answer = await post({
        url: `${baseUrl}/moderations`,
        headers: { authorization: `Bearer ${apiKey()}` },
        body: { model, input: [{ type: 'image_url', image_url: { url: dataUrl } }] },
      });
      return readModeration(answer, LABELS, 'image');
    },
  };
}
