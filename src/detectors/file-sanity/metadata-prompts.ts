import { z } from 'zod';

/** Members that hold a positive prompt in the JSON that generators write (NovelAI, InvokeAI, our own). */
const generatorSchema = z.object({
  prompt: z.string().optional(),
  positive_prompt: z.string().optional(),
  description: z.string().optional(),
});

/** What A1111 and its kin write between the prompt and the settings: what the picture must *not* show. */
const NEGATIVE_START = /negative prompt:/gi;
const SETTINGS_START = /\bsteps:\s*\d/i;

/**
 * The parts of embedded texts that ask for something. Negative prompts name what people want to keep out, so judging
 * them would punish the careful; ComfyUI graphs mix both kinds without telling them apart, so of JSON only members
 * that are known to be positive count.
 */
export function promptsIn(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => (text.startsWith('{') || text.startsWith('[') ? fromJson(text) : [withoutNegative(text)]))
    .filter((text) => text !== '');
}

function fromJson(text: string): string[] {
  try {
    const parsed = generatorSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return [];
    return Object.values(parsed.data).flatMap((value) => (value === undefined || value.startsWith('{') ? [] : [value]));
  } catch {
    // Text that only looks like JSON, such as a weighted prompt "[a|b] …", is a prompt.
    return [withoutNegative(text)];
  }
}

function withoutNegative(text: string): string {
  NEGATIVE_START.lastIndex = 0;
  const negative = NEGATIVE_START.exec(text);
  if (negative === null) return text;
  const rest = text.slice(negative.index);
  const settings = rest.search(SETTINGS_START);
  return `${text.slice(0, negative.index)}\n${settings < 0 ? '' : rest.slice(settings)}`.trim();
}
