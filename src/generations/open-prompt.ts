import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';

/** The part of a sealed submission that is needed here; pictures stay closed. */
const submissionSchema = z.object({
  submission: z.object({
    request: z.object({ prompt: z.string(), parameters: z.record(z.string(), z.unknown()) }),
    conversation: z.object({ endUsers: z.array(z.string()) }).optional(),
  }),
});

/** What somebody asked for, and for whom the application asked, as far as it says. */
export interface OpenedPrompt {
  readonly text: string;
  readonly endUser: string | null;
}

/** The prompt of a generation. Null when it was deleted, is damaged, or was sealed with a key that is not here. */
export async function openPrompt(
  { id, submission: sealed }: { readonly id: string; readonly submission: Uint8Array | null },
  evidence: Pick<EvidenceStore, 'openValue'>,
): Promise<OpenedPrompt | null> {
  if (sealed === null) return null;
  const opened = await openOrNull(() => evidence.openValue({ id, kind: 'submission', sealed }));
  if (opened === null) return null;
  const { request, conversation } = submissionSchema.parse(JSON.parse(Buffer.from(opened).toString())).submission;
  const { safety_identifier, user } = request.parameters;
  const endUser = [safety_identifier, user, conversation?.endUsers[0]].find((name) => typeof name === 'string' && name !== '');
  return { text: request.prompt, endUser: typeof endUser === 'string' ? endUser : null };
}

/** Null in place of evidence that cannot be read. Everything else that fails is thrown on. */
export async function openOrNull(open: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof ImprimaturError && error.code === 'EVIDENCE_UNREADABLE') return null;
    throw error;
  }
}
