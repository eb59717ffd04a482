import { createHmac, hkdfSync } from 'node:crypto';
import { wordsOf } from '../prompts/reading/normalize.ts';

/**
 * A keyed digest of the words of a prompt, look-alike letters and invisible characters undone: the same wish written in another way has the same one.
 * Without the key nobody can try out which words it stands for.
 */
export function createPromptDigest(key: Uint8Array): (prompt: string) => string {
  const own = new Uint8Array(hkdfSync('sha256', key, '', 'case-prompts', 32));
  return (prompt) => createHmac('sha256', own).update(wordsOf(prompt).join(' ')).digest('hex');
}

/** The same for an end user of one application. */
export function createUserDigest(key: Uint8Array): (application: string, user: string) => string {
  const own = new Uint8Array(hkdfSync('sha256', key, '', 'case-users', 32));
  return (application, user) =>
    createHmac('sha256', own)
      .update(JSON.stringify([application, user]))
      .digest('hex');
}
