import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { IMAGE_FORMATS, type InputImage, type ParameterValue, type Submission } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { GenerationRecord } from './generation-store.ts';

const parameter: z.ZodType<ParameterValue> = z.json();
const note = z.object({ name: z.string(), what: z.enum(['clamped', 'unsupported']), to: z.string().exactOptional() });

const record = z.object({
  v: z.literal(1),
  submission: z.object({
    id: z.templateLiteral(['gen_', z.string()]),
    requestId: z.templateLiteral(['req_', z.string()]),
    caller: z.object({ keyId: z.templateLiteral(['key_', z.string()]), application: z.string(), surface: z.string() }),
    request: z.object({
      operation: z.enum(['generate', 'edit', 'variation']),
      model: z.string(),
      requestedModel: z.string(),
      prompt: z.string(),
      n: z.number(),
      inputs: z.array(z.object({ index: z.number(), role: z.enum(['image', 'mask']), sha256: z.string(), blob: z.string() })),
      stream: z.boolean(),
      partialImages: z.number(),
      responseFormat: z.enum(['b64_json', 'url']),
      outputFormat: z.enum(IMAGE_FORMATS),
      parameters: z.record(z.string(), parameter),
    }),
    receivedAt: z.coerce.date(),
    bodyDigest: z.string(),
    idempotencyKey: z.string().exactOptional(),
    isRetry: z.boolean(),
    notes: z.array(note),
    language: z.string().exactOptional(),
  }),
});

/**
 * The submission of a generation, unsealed, with its input images.
 * @throws ImprimaturError EVIDENCE_UNREADABLE when it was deleted, damaged, or sealed with a key that is not here.
 */
export async function openSubmission({ id, submission: sealed }: GenerationRecord, evidence: EvidenceStore): Promise<Submission> {
  if (sealed === null) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `the submission of ${id} was deleted` });
  const bytes = await evidence.openValue({ id, kind: 'submission', sealed });
  const { submission } = record.parse(JSON.parse(Buffer.from(bytes).toString()));
  const inputs = await Promise.all(
    submission.request.inputs.map(
      async ({ blob, ...input }): Promise<InputImage> => ({
        ...input,
        bytes: await evidence.open({ blob, id: `${id}/input/${input.index}`, kind: 'input_image' }),
      }),
    ),
  );
  return { ...submission, request: { ...submission.request, inputs } };
}
