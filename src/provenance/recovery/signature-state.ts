import type { CredentialReport } from '../read-credential.ts';

/** `trusted`: ours or a known signer's, and whole. `untrusted`: whole, by somebody unknown. `broken`: not what was signed, or unreadable. */
export type SignatureState = 'trusted' | 'untrusted' | 'broken';

/** Said of the file that is not here when a manifest is read alone. */
const FILE_CODES: readonly string[] = ['assertion.dataHash.mismatch', 'assertion.bmffHash.mismatch'];

/** What a manifest that was read without its file proves by itself: who signed it, and that not a byte of it was changed. */
export function signatureState({ state, codes }: Pick<CredentialReport, 'state' | 'codes'>): SignatureState {
  if (state === 'none' || state === 'unreadable') return 'broken';
  const others = codes.filter((code) => !FILE_CODES.includes(code));
  if (others.length === 0) return 'trusted';
  return others.every((code) => code === 'signingCredential.untrusted') ? 'untrusted' : 'broken';
}
