import type { Signal } from '../../contracts/finding.ts';
import { carriesCredential } from '../../provenance/credential-place.ts';
import { sniffFormat } from '../../provenance/image-format.ts';
import type { CredentialReport } from '../../provenance/read-credential.ts';

/** Reads the content credential of a file; never rejects for what the file is. */
export type ReadCredential = (bytes: Uint8Array) => Promise<Pick<CredentialReport, 'state' | 'codes' | 'inputCodes'>>;

/** Below every threshold for hostile files: what a false credential leads to is for a rule of the policy to say. */
const SCORE = 0.15;
/** A signer whom we do not know, or whose certificate ran out, has not tampered with anything. */
const ABOUT_THE_SIGNER = /^(signingCredential|timeStamp)\./;

/**
 * A picture whose credential does not fit it, or was made from one of that kind (c2pa-rs calls a picture trusted whatever its parents are).
 * Asks only when the file carries a credential. @throws what `readCredential` rejects with: then nobody could tell
 */
export async function credentialSignals(image: Uint8Array, readCredential: ReadCredential): Promise<readonly Signal[]> {
  const format = sniffFormat(image);
  if (format === null || !carriesCredential(image, format)) return [];
  const { state, codes, inputCodes } = await readCredential(image);
  const isBroken = state === 'invalid' && codes.some((code) => !ABOUT_THE_SIGNER.test(code));
  const reasons = [
    ...(isBroken ? ['tampered'] : []),
    ...(state === 'unreadable' ? ['unreadable'] : []),
    ...(inputCodes.some((code) => !ABOUT_THE_SIGNER.test(code)) ? ['tampered_input'] : []),
  ];
  return reasons.map((reason) => ({ category: 'unsafe_file', score: SCORE, reason: `credential:${reason}` }));
}
