import { z } from 'zod';
import { AGE_METHODS, TIERS } from '../contracts/end-user.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { IMAGE_FORMATS, type InputImage, type ParameterValue, type Submission } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { GenerationRecord } from './generation-store.ts';

const parameter: z.ZodType<ParameterValue> = z.json();
const note = z.object({ name: z.string(), what: z.enum(['clamped', 'unsupported']), to: z.string().exactOptional() });

const endUser = z.object({
  id: z.string(),
  tier: z.enum(TIERS),
  verified: z.boolean(),
  age: z.object({ over: z.number(), method: z.enum(AGE_METHODS), on: z.coerce.date() }).nullable(),
  region: z.string().nullable(),
  locale: z.string().nullable(),
  device: z.string().exactOptional(),
});

const record = z.object({
  v: z.literal(1),
  submission: z.object({
    id: z.templateLiteral(['gen_', z.string()]),
    requestId: z.templateLiteral(['req_', z.string()]),
    caller: z.object({
      keyId: z.templateLiteral(['key_', z.string()]),
      application: z.string(),
      surface: z.string(),
      user: endUser.exactOptional(),
    }),
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

/** A request, unsealed, with the places of its pictures instead of the pictures. */
export type OpenedRequest = z.output<typeof record>['submission'];

/**
 * What a generation was asked, without its input pictures.
 * @throws ImprimaturError EVIDENCE_UNREADABLE when it was deleted, damaged, or sealed with a key that is not here.
 */
export async function openRequest(
  { id, submission: sealed }: Pick<GenerationRecord, 'id' | 'submission'>,
  evidence: Pick<EvidenceStore, 'openValue'>,
): Promise<OpenedRequest> {
  if (sealed === null) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `the submission of ${id} was deleted` });
  const bytes = await evidence.openValue({ id, kind: 'submission', sealed });
  return record.parse(JSON.parse(Buffer.from(bytes).toString())).submission;
}

/** Where an input picture of a generation is sealed. */
export function inputRef(id: string, { blob, index }: { readonly blob: string; readonly index: number }) {
  return { blob, id: `${id}/input/${index}`, kind: 'input_image' as const };
}

/**
 * The submission of a generation, unsealed, with its input images.
 * @throws ImprimaturError EVIDENCE_UNREADABLE when it was deleted, damaged, or sealed with a key that is not here.
 */
export async function openSubmission(generation: GenerationRecord, evidence: EvidenceStore): Promise<Submission> {
  const submission = await openRequest(generation, evidence);
  const inputs = await Promise.all(
    submission.request.inputs.map(
      async ({ blob, ...input }): Promise<InputImage> => ({
        ...input,
        bytes: await evidence.open(inputRef(generation.id, { blob, index: input.index })),
      }),
    ),
  );
  return { ...submission, request: { ...submission.request, inputs } };
}
