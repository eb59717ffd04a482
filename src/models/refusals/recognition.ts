import type { RefusalStage, UpstreamFailure, UpstreamFailureCause, UpstreamRefusal } from '../../contracts/image-model.ts';
import type { UpstreamReply } from '../upstream-reply.ts';
import { categoriesOf, cleanWords } from './category-words.ts';

/** What a recognizer makes of a reply; null when the reply is no refusal in its dialect. */
export type Recognition =
  | { readonly kind: 'refused'; readonly refusal: UpstreamRefusal }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }
  | null;

/** Whether a picture is black all over. May reject when it cannot tell. Decodes pixels, so it runs elsewhere. */
export type IsBlack = (bytes: Uint8Array) => Promise<boolean>;

/** One dialect. Never throws, whatever the upstream sent. */
export type Recognizer = (reply: UpstreamReply, isBlack: IsBlack) => Recognition | Promise<Recognition>;

/**
 * A refusal in our form. None is retryable: the same request meets the same filter, and asking again is what gets
 * accounts blocked. `words` come from the upstream and are cut down to what a category name can be.
 */
export function refused(
  stage: RefusalStage,
  { words = [], charged = null }: { readonly words?: readonly unknown[]; readonly charged?: boolean | null } = {},
): Recognition {
  const upstreamCategories = cleanWords(words);
  const categories = categoriesOf(upstreamCategories);
  return { kind: 'refused', refusal: { stage, categories, upstreamCategories, retryable: false, charged } };
}

/** A failure inside a reply that looks like a success or a refusal. */
export function broken(cause: UpstreamFailureCause, detail: string): Recognition {
  return { kind: 'failed', failure: { cause, retryable: false, reachedModel: true, detail } };
}

/** Reads as a refusal for content, in upstreams that say so only in prose. */
export function soundsLikeRefusal(text: string): boolean {
  return /nsfw|\b(moderat\w*|flagged|sensitive|safety|content[ _-](policy|filter\w*)|policy violation|prohibited content)\b/i.test(text);
}
