import type { Declaration, UploadSituation } from '../contracts/upload.ts';
import type { Situations } from '../policy/uploads.ts';
import { aboutBytes } from '../provenance/foreign/credential-history.ts';
import type { FileMetadata } from '../provenance/foreign/file-metadata.ts';
import type { FileOrigin } from '../provenance/foreign/file-origin.ts';
import type { CredentialReport } from '../provenance/read-credential.ts';
import type { FileMark } from '../registries/marks/describe-mark.ts';
import type { KnownBad } from './known-bad.ts';

/** What a report about a file says that matters to whoever wants to publish it. */
export interface UploadFacts {
  readonly verdict: 'ours-intact' | 'ours-altered' | 'ours-recovered' | 'foreign' | 'none';
  readonly isTakenDown: boolean;
  readonly knownBad: KnownBad;
  readonly origin: FileOrigin;
  readonly watermark: { readonly mark: Pick<FileMark, 'of' | 'picture'> | null };
  readonly c2pa: Pick<CredentialReport, 'state' | 'codes' | 'inputCodes'>;
  readonly metadata: Pick<FileMetadata, 'state' | 'problems'>;
  /** What could not be looked at. */
  readonly unseen: readonly string[];
}

/** Everything that is the matter with a file; at least one, and never none for want of an answer. */
export function situationsOf(facts: UploadFacts, declaration: Declaration): Situations {
  const troubles: UploadSituation[] = [
    ...(facts.isTakenDown ? ['taken-down' as const] : []),
    ...(facts.knownBad === 'listed' ? ['known-bad' as const] : []),
    ...(facts.metadata.problems.some((problem) => problem.startsWith('hostile:')) ? ['hostile-file' as const] : []),
    ...(facts.c2pa.state === 'invalid' && facts.verdict !== 'ours-altered' ? ['credential-broken' as const] : []),
    ...(aboutBytes(facts.c2pa.inputCodes).length > 0 ? ['parent-broken' as const] : []),
    ...(facts.watermark.mark?.of === 'artifact' && facts.watermark.mark.picture === 'different' ? ['mark-of-another' as const] : []),
    ...(facts.watermark.mark?.of === 'unrecorded' ? ['mark-unrecorded' as const] : []),
    ...(facts.watermark.mark?.of === 'review-copy' ? ['review-copy' as const] : []),
    ...(contradicts(declaration, facts.origin) ? ['declaration-mismatch' as const] : []),
  ];
  const main = mainSituation(facts, declaration);
  // A picture that was taken down may be among what could not be recognized. These very bytes were.
  const isUnseen = facts.knownBad === 'unknown' || (facts.unseen.length > 0 && facts.verdict !== 'ours-intact');
  const unseen: UploadSituation[] = isUnseen && main !== 'unreadable' ? ['unreadable'] : [];
  return [main, ...troubles, ...unseen];
}

function mainSituation({ verdict, origin, c2pa, metadata }: UploadFacts, declaration: Declaration): UploadSituation {
  if (verdict === 'ours-intact' || verdict === 'ours-altered' || verdict === 'ours-recovered') return verdict;
  if (isUnreadable(c2pa, metadata)) return 'unreadable';
  if (origin.made === 'generated') return 'generated-elsewhere';
  if (origin.made === 'edited') return 'edited-elsewhere';
  if (origin.made === 'captured') return origin.strength === 'proved' ? 'camera-signed' : 'camera-claimed';
  return DECLARED[declaration];
}

const DECLARED = {
  generated: 'generated-declared',
  edited: 'edited-declared',
  camera: 'camera-claimed',
  unknown: 'unknown',
} as const satisfies Record<Declaration, UploadSituation>;

/** A credential that is said to lie at some address is not asked for: the file is judged by what it holds. */
function isUnreadable(c2pa: UploadFacts['c2pa'], metadata: UploadFacts['metadata']): boolean {
  if (metadata.state === 'unreadable' || metadata.problems.includes('malformed:undecodable')) return true;
  return c2pa.state === 'unreadable' && !c2pa.codes.every((code) => code === 'manifest.inaccessible' || code.endsWith('.UnsupportedType'));
}

/** Nobody contradicts who said nothing. Weak words of a file, such as a camera's name, contradict only a claim of another kind. */
function contradicts(declaration: Declaration, { made, strength }: FileOrigin): boolean {
  if (declaration === 'unknown' || made === 'unknown') return false;
  if (made === 'captured') return declaration !== 'camera' && strength === 'proved';
  return declaration === 'camera' || (declaration === 'edited' && made === 'generated');
}
