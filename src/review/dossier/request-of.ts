import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { GenerationRecord } from '../../generations/generation-store.ts';
import { type OpenedRequest, openRequest } from '../../generations/open-submission.ts';
import { readPrompt } from '../../prompts/reading/read-prompt.ts';
import type { Span } from './account-of.ts';

/** What was asked for, as a reviewer reads it. */
export interface ShownRequest {
  readonly operation: string;
  readonly model: string;
  readonly surface: string;
  readonly application: string;
  readonly prompt: string;
  /** The words once tricks are undone; null where there was nothing to undo. */
  readonly prompt_undone: string | null;
  readonly spans: readonly Span[];
  readonly parameters: OpenedRequest['request']['parameters'];
}

/** Null where it was deleted, or cannot be opened: the case says so by not having one. */
export async function requestOf(
  generation: GenerationRecord,
  spans: readonly Span[],
  evidence: EvidenceStore,
): Promise<ShownRequest | null> {
  const opened = await openRequest(generation, evidence).catch(() => null);
  if (opened === null) return null;
  const { operation, model, prompt, parameters } = opened.request;
  const { surface, application } = opened.caller;
  return { operation, model, surface, application, prompt, prompt_undone: undone(prompt), spans, parameters };
}

function undone(prompt: string): string | null {
  const { parts } = readPrompt(prompt);
  if (parts.every(({ canonical }) => canonical.tricks.length === 0)) return null;
  return parts.map(({ canonical }) => canonical.text).join('\n');
}
