import type { UpstreamReply } from '../upstream-reply.ts';
import { recognizeAccountBlock } from './account-block.ts';
import { recognizeAutomatic1111 } from './automatic1111.ts';
import { recognizeBedrock } from './bedrock.ts';
import { recognizeBfl } from './bfl.ts';
import { recognizeComfyUi } from './comfyui.ts';
import { recognizeFal } from './fal.ts';
import { recognizeGemini } from './gemini.ts';
import { recognizeContentPolicy, recognizeOpenAiModeration } from './openai.ts';
import type { IsBlack, Recognition, Recognizer } from './recognition.ts';
import { recognizeReplicate } from './replicate.ts';
import { recognizeStability } from './stability.ts';
import { recognizeXai } from './xai.ts';

/** The twelve ways in which upstreams refuse. */
export const REFUSAL_DIALECTS = {
  openai_moderation: recognizeOpenAiModeration,
  content_policy: recognizeContentPolicy,
  account_block: recognizeAccountBlock,
  xai: recognizeXai,
  stability: recognizeStability,
  fal: recognizeFal,
  bfl: recognizeBfl,
  replicate: recognizeReplicate,
  gemini: recognizeGemini,
  bedrock: recognizeBedrock,
  automatic1111: recognizeAutomatic1111,
  comfyui: recognizeComfyUi,
} as const satisfies Record<string, Recognizer>;

export type RefusalDialect = keyof typeof REFUSAL_DIALECTS;

/** For upstreams that never send a picture which means no; pixels are then not looked at. */
export const NEVER_BLACK: IsBlack = async () => false;

/** Asks for an account block first, always, then the named dialects in their order; the first answer counts. */
export async function recognizeRefusal(
  reply: UpstreamReply,
  { dialects, isBlack }: { readonly dialects: readonly RefusalDialect[]; readonly isBlack: IsBlack },
): Promise<Recognition> {
  for (const dialect of ['account_block', ...dialects] as const) {
    const recognition = await REFUSAL_DIALECTS[dialect](reply, isBlack);
    if (recognition !== null) return recognition;
  }
  return null;
}
