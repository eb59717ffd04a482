import { z } from 'zod';
import { type ClassifierDialect, unusable } from './classification.ts';
import { categoriesOf, type LabelMap, scoresOf } from './label-map.ts';
import { readShape } from './post-json.ts';

/** Azure's four harm categories. It has no class for minors. */
const LABELS: LabelMap = { Hate: ['hate'], SelfHarm: ['self_harm'], Sexual: ['sexual'], Violence: ['violence_gore'] };

const WORST_SEVERITY = 7;
const replySchema = z.object({
  categoriesAnalysis: z.array(z.object({ category: z.string(), severity: z.int().min(0).max(WORST_SEVERITY) })),
});

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
    categories: categoriesOf(LABELS),
    // The service refuses texts of more than 10,000 code points.
    maxChars: 10_000,
    async classify(text, post) {
      const answer = await post({
        url: `${endpoint}/contentsafety/text:analyze?api-version=${encodeURIComponent(apiVersion)}`,
        headers: { 'ocp-apim-subscription-key': apiKey() },
        body: { text, categories: Object.keys(LABELS), outputType: 'EightSeverityLevels' },
      });
      const read = readShape(answer, replySchema);
      if (read.kind === 'failed') return read;
      const byLabel: Record<string, number> = {};
      for (const { category, severity } of read.value.categoriesAnalysis) {
        if (Object.hasOwn(byLabel, category)) return unusable(`${read.value.categoriesAnalysis.length} answers, one twice`);
        byLabel[category] = severity / WORST_SEVERITY;
      }
      const missing = Object.keys(LABELS).filter((label) => !Object.hasOwn(byLabel, label));
      if (missing.length > 0) return unusable(`no answer for ${missing.join(', ')}`);
      return { kind: 'scores', scores: scoresOf(LABELS, byLabel) };
    },
  };
}
