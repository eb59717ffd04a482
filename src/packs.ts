import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of shipped policy packs: beside `src` in a checkout, beside `dist` when built. */
export const PACKS_DIR = join(dirname(dirname(fileURLToPath(import.meta.url))), 'policies');

/** `standard` → the shipped pack's policy file; anything else is a path. */
export function policyPath(nameOrPath: string): string {
  const shipped = join(PACKS_DIR, nameOrPath, 'policy.yaml');
  return /^[a-z0-9-]+$/.test(nameOrPath) && existsSync(shipped) ? shipped : nameOrPath;
}

/** The word rules of the standard pack, which every policy uses. */
export const PROMPT_RULES_PATH = join(PACKS_DIR, 'standard', 'prompt-rules.yaml');
