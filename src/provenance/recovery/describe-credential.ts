import type { Provenance } from '../provenance.ts';
import { manifestStoreIn } from './credential-segment.ts';
import type { CredentialRecord } from './manifest-repository.ts';
import { type SignatureState, signatureState } from './signature-state.ts';

/** What a credential says, without the file that it was signed for. */
export interface CredentialSummary {
  readonly signature: SignatureState;
  /** The organization, else the common name, of the signing certificate. */
  readonly signer: string | null;
  readonly made: 'generated' | 'edited';
  readonly model: string | null;
  /** ISO 8601. */
  readonly at: string | null;
}

/** Certificates run out, so what was read is read anew after a while. */
const REMEMBERED_MS = 600_000;
const MAX_REMEMBERED = 1_000;

/** Reads manifests alone, about 5 ms each, and remembers what they said: one picture on a busy page is asked about by every visitor. */
export function createCredentialReader(provenance: Pick<Provenance, 'verify'>, now: () => number = Date.now) {
  const known = new Map<string, { readonly summary: Promise<CredentialSummary>; readonly at: number }>();
  return (credential: CredentialRecord): Promise<CredentialSummary> => {
    const earlier = known.get(credential.manifestId);
    if (earlier !== undefined && now() - earlier.at < REMEMBERED_MS) return earlier.summary;
    const summary = readSummary(credential, provenance);
    known.delete(credential.manifestId);
    known.set(credential.manifestId, { summary, at: now() });
    summary.catch(() => known.delete(credential.manifestId));
    const [oldest] = known.keys();
    if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
    return summary;
  };
}

async function readSummary({ segment, format }: CredentialRecord, provenance: Pick<Provenance, 'verify'>): Promise<CredentialSummary> {
  const report = await provenance.verify(manifestStoreIn(segment.segment, format), 'manifest-store');
  const sourceTypes = report.history?.sourceTypes ?? [];
  return {
    signature: signatureState(report),
    signer: report.signer?.organization ?? report.signer?.commonName ?? null,
    made: sourceTypes.some((type) => type.startsWith('composite')) ? 'edited' : 'generated',
    model: report.claims?.model ?? null,
    at: report.when,
  };
}
