import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { preparedNamesSchema } from './gazetteers/gazetteer.ts';
import { preparedRulesSchema } from './rules/prepared-rules.ts';

const sourceSchema = z.strictObject({ name: z.string(), sha256: z.string() });

/**
 * What `npm run build` makes of the shipped rules and packs: parsed, expanded and folded. It lies beside the built code that
 * made it, since it says the same only with that code; from source there is none, and everything is parsed.
 */
export const preparedPromptsSchema = z.strictObject({
  format: z.literal('imprimatur/prepared-prompts/2'),
  rules: z.strictObject({
    /** The rules file, then its lexicons, by their path from the folder of the rules file. */
    sources: z.array(sourceSchema).min(1),
    prepared: preparedRulesSchema,
  }),
  names: z.strictObject({ sources: z.array(sourceSchema), prepared: preparedNamesSchema }),
});

export type PreparedPrompts = z.output<typeof preparedPromptsSchema>;
export type PreparedSource = z.output<typeof sourceSchema>;

/** In the folder above this one: `dist/`. */
export const PREPARED_PROMPTS_URL = new URL('../prepared-prompts.json', import.meta.url);

let read: Promise<PreparedPrompts | undefined> | undefined;

/** Read once. Undefined when there is none, or it is not what this code makes: nothing is lost by that but time. */
export function preparedPrompts(): Promise<PreparedPrompts | undefined> {
  read ??= readFile(PREPARED_PROMPTS_URL, 'utf8').then(
    (text) => parse(text),
    () => undefined,
  );
  return read;
}

function parse(text: string): PreparedPrompts | undefined {
  try {
    // Read once, so code made for it would cost more than it saves.
    return preparedPromptsSchema.safeParse(JSON.parse(text), { jitless: true }).data;
  } catch {
    return undefined;
  }
}

export const sha256Of = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** True when the file at `path` and those beside it are, byte for byte, what was prepared. */
export function isPreparedFrom(path: string, [first, ...others]: readonly PreparedSource[]): boolean {
  if (first === undefined) return false;
  const files = [{ path, sha256: first.sha256 }, ...others.map(({ name, sha256 }) => ({ path: join(dirname(path), name), sha256 }))];
  return files.every((file) => digestOf(file.path) === file.sha256);
}

/** Read at once: of a handful of small files, going to the thread pool and back five times for each takes longest. */
function digestOf(path: string): string | undefined {
  try {
    return sha256Of(readFileSync(path));
  } catch {
    return undefined;
  }
}
