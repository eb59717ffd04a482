import { ImprimaturError } from '../contracts/errors.ts';
import type { ClaimSigner } from './claim-signer.ts';
import { createCoseSigner } from './cose-sign1.ts';
import type { EngineJob, EngineOutcome } from './engine-host.ts';
import { createEnginePool, type EnginePool } from './engine-pool.ts';
import { type CredentialFormat, mediaTypeOf, sniffFormat } from './image-format.ts';
import { type ManifestFacts, manifestDefinition, PARENT_DEFINITION } from './manifest.ts';
import { type CredentialReport, without } from './read-credential.ts';

export interface ProvenanceOptions {
  readonly signer: ClaimSigner;
  /** PEM, whose signers `verify` calls trusted. Include the root of `signer`, or the self-check fails. */
  readonly trustAnchorsPem: string;
  /** Engine threads. One signs about 40 PNGs of 2.8 MB a second (measured). */
  readonly size?: number;
  readonly signDeadlineMs?: number;
  readonly verifyDeadlineMs?: number;
  /**
   * Full verification of what was signed: of every asset at 1, of the first and then every nth at n, of none at 0. Whatever this is, each
   * signature is checked against the leaf certificate.
   */
  readonly selfCheckEvery?: number;
  /** Version of this software, for the claim generator. */
  readonly version?: string;
}

export interface SignedAsset {
  readonly bytes: Uint8Array;
  readonly format: CredentialFormat;
  /** True when this very asset was verified after signing. */
  readonly selfChecked: boolean;
}

/** Signs content credentials (C2PA 2.4) and reads them. Nothing here opens a connection. */
export interface Provenance {
  /** @throws ImprimaturError PUBLISH_FAILED: the signer failed, the picture cannot carry a credential, the deadline passed. */
  sign(asset: { readonly bytes: Uint8Array; readonly format: CredentialFormat; readonly manifest: ManifestFacts }): Promise<SignedAsset>;
  /**
   * Never rejects for what a file is: hostile and broken files are reports. The format is taken from the first bytes unless given.
   * @throws ImprimaturError SHUTTING_DOWN after `close`.
   */
  verify(bytes: Uint8Array, format?: CredentialFormat): Promise<CredentialReport>;
  close(): Promise<void>;
}

/** @throws ImprimaturError CONFIG_INVALID when the signer has no certificates. */
export function createProvenance({ size = 1, ...options }: ProvenanceOptions): Provenance {
  return new EngineProvenance(createEnginePool({ size }), options);
}

class EngineProvenance implements Provenance {
  readonly #pool: EnginePool;
  readonly #options: Required<Omit<ProvenanceOptions, 'size' | 'signer'>>;
  readonly #cose: ReturnType<typeof createCoseSigner>;
  #signed = 0;
  #closed = false;

  constructor(
    pool: EnginePool,
    {
      signer,
      signDeadlineMs = 10_000,
      verifyDeadlineMs = 5_000,
      selfCheckEvery = 1,
      version = '0.1.0',
      trustAnchorsPem,
    }: Omit<ProvenanceOptions, 'size'>,
  ) {
    this.#pool = pool;
    this.#cose = createCoseSigner(signer);
    this.#options = { signDeadlineMs, verifyDeadlineMs, selfCheckEvery, version, trustAnchorsPem };
  }

  async sign({ bytes, format, manifest }: Parameters<Provenance['sign']>[0]): Promise<SignedAsset> {
    const { origin } = manifest;
    const parent = origin.kind === 'edited' ? origin.parent : null;
    let signerFailure: unknown;
    const outcome = await this.#run({
      request: {
        kind: 'sign',
        bytes: ownCopy(bytes),
        mediaType: mediaTypeOf(format),
        definition: manifestDefinition(manifest, this.#options.version),
        alg: this.#cose.alg,
        reserveSize: this.#cose.reserveSize,
        trustAnchorsPem: this.#options.trustAnchorsPem,
        ...(parent === null
          ? {}
          : { ingredient: { definition: PARENT_DEFINITION, mediaType: mediaTypeOf(parent.format), bytes: ownCopy(parent.bytes) } }),
      },
      deadlineMs: this.#options.signDeadlineMs,
      signClaim: (claim) =>
        this.#cose.sign(claim).catch((error: unknown) => {
          signerFailure = error;
          throw error;
        }),
    });
    if (outcome.kind !== 'signed') throw publishFailed(outcome, signerFailure);
    return { bytes: outcome.bytes, format, selfChecked: await this.#selfCheck(outcome.bytes, format) };
  }

  async verify(bytes: Uint8Array, format: CredentialFormat | null = sniffFormat(bytes)): Promise<CredentialReport> {
    if (format === null) return without('unreadable', ['imprimatur.unreadable.UnsupportedType']);
    const outcome = await this.#run({
      request: { kind: 'verify', bytes: ownCopy(bytes), mediaType: mediaTypeOf(format), trustAnchorsPem: this.#options.trustAnchorsPem },
      deadlineMs: this.#options.verifyDeadlineMs,
      signClaim: () => Promise.reject(new TypeError('verification signs nothing')),
    });
    return outcome.kind === 'read' ? outcome.report : without('unreadable', [`imprimatur.engine.${outcome.kind}`]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  async #selfCheck(bytes: Uint8Array, format: CredentialFormat): Promise<boolean> {
    const every = this.#options.selfCheckEvery;
    if (every === 0 || this.#signed++ % every !== 0) return false;
    const { state, codes } = await this.verify(bytes, format);
    if (state !== 'trusted') {
      throw new ImprimaturError('PUBLISH_FAILED', { detail: `The signed picture does not verify: ${state} (${codes.join(', ')}).` });
    }
    return true;
  }

  async #run(job: EngineJob): Promise<EngineOutcome> {
    if (this.#closed) throw new ImprimaturError('SHUTTING_DOWN');
    const outcome = await this.#pool.run(job);
    if (this.#closed && outcome.kind === 'crashed') throw new ImprimaturError('SHUTTING_DOWN');
    return outcome;
  }
}

/** The buffer moves to the thread; the caller keeps its own, and whatever else is behind a view stays here. */
function ownCopy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function publishFailed(outcome: Exclude<EngineOutcome, { kind: 'signed' }>, signerFailure: unknown): ImprimaturError {
  if (signerFailure instanceof ImprimaturError) return signerFailure;
  const reason = outcome.kind === 'failed' ? outcome.reason : outcome.kind === 'crashed' ? outcome.detail : outcome.kind;
  const detail = signerFailure === undefined ? `Signing the credential failed: ${reason}` : 'The claim signer failed.';
  return new ImprimaturError('PUBLISH_FAILED', { detail, cause: signerFailure });
}
