import { z } from 'zod';
import { type Classification, type ClassifierDialect, type JsonAnswer, unusable } from './classification.ts';
import { categoriesOf, type LabelMap, scoresOf } from './label-map.ts';
import { readShape } from './post-json.ts';

/** Azure's four harm categories, the same for texts and pictures. It has no class for minors. */
export const AZURE_LABELS: LabelMap = { Hate: ['hate'], SelfHarm: ['self_harm'], Sexual: ['sexual'], Violence: ['violence_gore'] };

const WORST_SEVERITY = 7;

interface AzureOptions {
  /** `https://<resource>.cognitiveservices.azure.com` */
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly apiKey: () => string;
}

/** Azure AI Content Safety, `text:analyze` with eight levels. Severity 0 to 7 becomes a score from 0 to 1. */
export function createAzureContentSafety({ endpoint, apiVersion, apiKey }: AzureOptions): ClassifierDialect {
  return {
    version: `azure-content-safety/${apiVersion}`,
    categories: categoriesOf(AZURE_LABELS),
    // The service refuses texts of more than 10,000 code points.
    maxChars: 10_000,
    async classify(text, post) {
      const answer = await post({
        url: `${endpoint}/contentsafety/text:analyze?api-version=${encodeURIComponent(apiVersion)}`,
        headers: { 'ocp-apim-subscription-key': apiKey() },
        body: { text, categories: Object.keys(AZURE_LABELS), outputType: 'EightSeverityLevels' },
      });
      return readSeverities(answer, AZURE_LABELS, WORST_SEVERITY);
    },
  };
}

/** Azure's answer, each of `labels` exactly once; severity 0 to `worst` becomes a score from 0 to 1. */
export function readSeverities(answer: JsonAnswer, labels: LabelMap, worst: number): Classification {
  const severity = z.int().min(0).max(worst);
  const read = readShape(answer, z.object({ categoriesAnalysis: z.array(z.object({ category: z.string(), severity })) }));
  if (read.kind === 'failed') return read;
  const byLabel: Record<string, number> = {};
  for (const { category, severity: given } of read.value.categoriesAnalysis) {
    if (Object.hasOwn(byLabel, category)) return unusable(`${read.value.categoriesAnalysis.length} answers, one twice`);
    byLabel[category] = given / worst;
  }
  const missing = Object.keys(labels).filter((label) => !Object.hasOwn(byLabel, label));
  if (missing.length > 0) return unusable(`no answer for ${missing.join(', ')}`);
  return { kind: 'scores', scores: scoresOf(labels, byLabel) };
}
