import { AZURE_LABELS, readSeverities } from '../../prompts/external/azure-content-safety.ts';
import { categoriesOf } from '../../prompts/external/label-map.ts';
import type { PictureDialect } from './picture-service.ts';

/** Pictures have four levels: 0, 2, 4 and 6. */
const WORST_SEVERITY = 6;

interface AzureOptions {
  /** `https://<resource>.cognitiveservices.azure.com` */
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly apiKey: () => string;
}

/** Azure AI Content Safety, `image:analyze`. Severity 0 to 6 becomes a score from 0 to 1. */
export function createAzureImageAnalysis({ endpoint, apiVersion, apiKey }: AzureOptions): PictureDialect {
  return {
    version: `azure-content-safety/${apiVersion}`,
    categories: categoriesOf(AZURE_LABELS),
    async look({ base64 }, post) {
      const answer = await post({
        url: `${endpoint}/contentsafety/image:analyze?api-version=${encodeURIComponent(apiVersion)}`,
        headers: { 'ocp-apim-subscription-key': apiKey() },
        body: { image: { content: base64 }, categories: Object.keys(AZURE_LABELS), outputType: 'FourSeverityLevels' },
      });
      return readSeverities(answer, AZURE_LABELS, WORST_SEVERITY);
    },
  };
}
