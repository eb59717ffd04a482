import type { ImageRequest } from '../contracts/submission.ts';
import { carriesCredential } from '../provenance/credential-place.ts';
import { type CredentialFormat, sniffFormat } from '../provenance/image-format.ts';
import type { Origin, ParentPicture } from '../provenance/manifest.ts';

interface ModelOutput {
  /** As the model gave it. */
  readonly bytes: Uint8Array;
  readonly format: CredentialFormat;
  readonly isLabeled: boolean;
}

/**
 * Where a picture comes from, as its credential says it. The first picture that the caller sent is the parent; the others went in, too, and so did
 * a credential that the model's provider has put into the result of an edit.
 */
export function originOf({ inputs }: ImageRequest, { bytes, format, isLabeled }: ModelOutput): Origin {
  const output = carriesCredential(bytes, format) ? { bytes, format } : null;
  const [parent, ...others] = inputs.filter(({ role }) => role === 'image').flatMap((input) => pictureOf(input.bytes));
  if (parent !== undefined) return { kind: 'edited', parent, others: output === null ? others : [...others, output] };
  return output === null ? { kind: 'created' } : { kind: 'received', parent: output, isLabeled };
}

/** A picture of a format that can carry no credential has nothing to hand down. */
function pictureOf(bytes: Uint8Array): readonly ParentPicture[] {
  const format = sniffFormat(bytes);
  return format === null ? [] : [{ bytes, format }];
}
