import { z } from 'zod';
import type { LabeledText } from '../../detectors/containers/container-report.ts';
import type { FileMetadata } from './file-metadata.ts';

const value = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.slice(0, 200))
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);
const aigc = z.object({ Label: value, ContentProducer: value, ProduceID: value, ContentPropagator: value, PropagateID: value });
const wrapped = z.object({
  AIGC: z.union([aigc, z.string().transform((text, context) => parsed(text) ?? context.addIssue('not JSON') ?? z.NEVER)]),
});

const MAX_CHARS = 4096;
/** The label stands in XMP as a property, and as JSON in EXIF's UserComment and in a PNG text (TC260 practice guide). */
const FIELDS = /^(xmp:AIGC|png:AIGC|exif:UserComment|exif:ImageDescription)$/;

/** China's implicit label (GB 45438-2025), wherever it stands; null without one. */
export function readTc260(fields: readonly LabeledText[]): FileMetadata['tc260'] {
  for (const { label, text } of fields) {
    if (!FIELDS.test(label)) continue;
    const found = labelIn(text.trim());
    if (found !== null) {
      return {
        label: found.Label,
        producer: found.ContentProducer,
        produceId: found.ProduceID,
        propagator: found.ContentPropagator,
        propagateId: found.PropagateID,
      };
    }
  }
  return null;
}

function labelIn(text: string): z.output<typeof aigc> | null {
  const json = parsed(text);
  if (json === null) return null;
  const outer = wrapped.safeParse(json).data?.AIGC;
  const inner = aigc.safeParse(outer ?? json).data ?? null;
  return inner?.Label == null && inner?.ContentProducer == null ? null : inner;
}

function parsed(text: string): unknown {
  if (text.length > MAX_CHARS || !text.startsWith('{')) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
