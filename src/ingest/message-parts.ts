import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import { fromDataUrls, type UploadedImage } from './input-images.ts';

/** More than any conversation that a client sends whole; each is judged with the rest. */
export const MAX_MESSAGES = 1_000;

/** What a conversation says to the model, in the order in which it stands there. */
export interface Said {
  readonly texts: string[];
  /** Data URLs. */
  readonly pictures: string[];
}

/** One part of a message, in the words of either API. */
export const messagePart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input_text'), text: z.string() }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('output_text'), text: z.string() }),
  z.object({ type: z.literal('refusal'), refusal: z.string() }),
  z.object({ type: z.literal('input_image'), image_url: z.string().nullish(), file_id: z.string().nullish() }),
  z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
]);

interface SpokenMessage {
  readonly role: string;
  readonly content: string | readonly z.output<typeof messagePart>[] | null | undefined;
}

/**
 * Adds what a message says. What goes to the image model is judged and what is not judged does not go: an assistant's own words are left out of both,
 * its pictures, which may be edited, are in both.
 */
export function addMessage({ role, content }: SpokenMessage, said: Said): void {
  const isHeard = role !== 'assistant';
  if (typeof content === 'string') {
    if (isHeard) said.texts.push(content);
    return;
  }
  for (const part of content ?? []) {
    if ('text' in part) {
      if (isHeard) said.texts.push(part.text);
    } else if (part.type === 'image_url') said.pictures.push(part.image_url.url);
    else if (part.type === 'input_image') said.pictures.push(part.image_url ?? '');
  }
}

/** The texts as the one prompt that is judged and sent. @throws ImprimaturError REQUEST_INVALID when nothing was said */
export function promptOf({ texts }: Said, param: string): string {
  const prompt = texts.filter((text) => text.trim() !== '').join('\n\n');
  if (prompt === '') throw new ImprimaturError('REQUEST_INVALID', { hint: 'There is no text that says what to draw.', param });
  return prompt;
}

/** The pictures, decoded. @throws ImprimaturError REQUEST_INVALID, REQUEST_TOO_LARGE */
export function uploadsOf({ pictures }: Said, mask: string | undefined, maxBytes: number): readonly UploadedImage[] {
  if (pictures.length > 16) {
    throw new ImprimaturError('REQUEST_INVALID', { hint: `At most 16 pictures can be edited at once; there are ${pictures.length}.` });
  }
  return fromDataUrls(
    pictures.map((url) => ({ image_url: url })),
    mask === undefined ? undefined : { image_url: mask },
    maxBytes,
  );
}
