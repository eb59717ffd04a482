import { ImprimaturError } from '../contracts/errors.ts';
import type { EngineJob, EngineOutcome } from './engine-host.ts';
import { createEnginePool, type EnginePool } from './engine-pool.ts';
import { type CredentialFormat, type CredentialSource, sniffFormat } from './image-format.ts';
import { type ManifestFacts, manifestDefinition } from './manifest.ts';
import { type CredentialReport, without } from './read-credential.ts';
import type { ClaimSigner } from './signing/claim-signer.ts';
import type { TimestampOutcome } from './signing/cose-sign1.ts';
import { fixedSigning, type SigningSource } from './signing/signer-ring.ts';

/** One signer that stays, and PEM of whose signers `verify` calls trusted (include its root, or the self-check fails); or a source of both. */
type Signing = { readonly signer: ClaimSigner; readonly trustAnchorsPem: string } | { readonly signing: SigningSource };

export type ProvenanceOptions = Signing & EngineOptions;

interface EngineOptions {
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
  /** Failures in the credentials of the pictures that it was made from; null when it was not verified. */
  readonly inputCodes: readonly string[] | null;
  readonly timestamp: TimestampOutcome;
}

export interface UnsignedAsset {
  readonly bytes: Uint8Array;
  readonly format: CredentialFormat;
  readonly manifest: ManifestFacts;
  /**
   * The caller gives `bytes` away, which spares the copy of a video: they may be empty afterwards. Only memory of their own is taken; a view
   * into something larger is copied all the same.
   */
  readonly isGiven?: boolean;
}

/** Signs content credentials (C2PA 2.4) and reads them. Nothing here opens a connection. */
export interface Provenance {
  /** @throws ImprimaturError PUBLISH_FAILED: the signer failed, the picture cannot carry a credential, the deadline passed. */
  sign(asset: UnsignedAsset): Promise<SignedAsset>;
  /**
   * Never rejects for what a file is: hostile and broken files are reports. The format is taken from the first bytes unless given.
   * @throws ImprimaturError SHUTTING_DOWN after `close`.
   */
  verify(bytes: Uint8Array, format?: CredentialSource): Promise<CredentialReport>;
  close(): Promise<void>;
}

/** @throws ImprimaturError CONFIG_INVALID when the signer has no certificates. */
export function createProvenance({ size = 1, ...options }: ProvenanceOptions): Provenance {
  const signing = 'signing' in options ? options.signing : fixedSigning(options.signer, options.trustAnchorsPem);
  return new EngineProvenance(createEnginePool({ size }), signing, options);
}

class EngineProvenance implements Provenance {
  readonly #pool: EnginePool;
  readonly #options: Required<Omit<EngineOptions, 'size'>>;
  readonly #signing: SigningSource;
  #signed = 0;
  #closed = false;

  constructor(
    pool: EnginePool,
    signing: SigningSource,
    { signDeadlineMs = 10_000, verifyDeadlineMs = 5_000, selfCheckEvery = 1, version = '0.1.0' }: Omit<EngineOptions, 'size'>,
  ) {
    this.#pool = pool;
    this.#signing = signing;
    this.#options = { signDeadlineMs, verifyDeadlineMs, selfCheckEvery, version };
  }

  async sign({ bytes, format, manifest, isGiven = false }: UnsignedAsset): Promise<SignedAsset> {
    const { json, byteStrings, ingredients } = manifestDefinition(manifest, this.#options.version);
    const cose = this.#signing.current();
    let signerFailure: unknown;
    let timestamp: TimestampOutcome = { kind: 'off' };
    const outcome = await this.#run({
      request: {
        kind: 'sign',
        bytes: isGiven ? ownMemory(bytes) : ownCopy(bytes),
        format,
        definition: json,
        byteStrings,
        ingredients: ingredients.map((one) => ({ definition: one.definition, format: one.format, bytes: ownCopy(one.bytes) })),
        alg: cose.alg,
        reserveSize: cose.reserveSize,
        trustAnchorsPem: this.#signing.trustAnchorsPem(),
        selfCheck: this.#isSelfCheckDue(),
      },
      deadlineMs: this.#options.signDeadlineMs,
      signClaim: async (claim) => {
        try {
          const signed = await cose.sign(claim);
          timestamp = signed.timestamp;
          return signed.cose;
        } catch (error) {
          signerFailure = error;
          throw error;
        }
      },
    });
    if (outcome.kind !== 'signed') throw publishFailed(outcome, signerFailure);
    if (outcome.report !== null) requireTrusted(outcome.report);
    return {
      bytes: outcome.bytes,
      format,
      selfChecked: outcome.report !== null,
      inputCodes: outcome.report?.inputCodes ?? null,
      timestamp,
    };
  }

  async verify(bytes: Uint8Array, format: CredentialSource | null = sniffFormat(bytes)): Promise<CredentialReport> {
    if (format === null) return without('unreadable', ['imprimatur.unreadable.UnsupportedType']);
    const outcome = await this.#run({
      request: { kind: 'verify', bytes: ownCopy(bytes), format, trustAnchorsPem: this.#signing.trustAnchorsPem() },
      deadlineMs: this.#options.verifyDeadlineMs,
      signClaim: () => Promise.reject(new TypeError('verification signs nothing')),
    });
    return outcome.kind === 'read' ? outcome.report : without('unreadable', [`imprimatur.engine.${outcome.kind}`]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pool.close();
  }

  #isSelfCheckDue(): boolean {
    const every = this.#options.selfCheckEvery;
    return every !== 0 && this.#signed++ % every === 0;
  }

  async #run(job: EngineJob): Promise<EngineOutcome> {
    if (this.#closed) throw new ImprimaturError('SHUTTING_DOWN');
    const outcome = await this.#pool.run(job);
    if (this.#closed && outcome.kind === 'crashed') throw new ImprimaturError('SHUTTING_DOWN');
    return outcome;
  }
}

function requireTrusted({ state, codes }: CredentialReport): void {
  if (state === 'trusted') return;
  throw new ImprimaturError('PUBLISH_FAILED', { detail: `The signed picture does not verify: ${state} (${codes.join(', ')}).` });
}

/** The buffer moves to the thread; the caller keeps its own, and whatever else is behind a view stays here. */
function ownCopy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? new Uint8Array(buffer) : ownCopy(bytes);
}

function publishFailed(outcome: Exclude<EngineOutcome, { kind: 'signed' }>, signerFailure: unknown): ImprimaturError {
  if (signerFailure instanceof ImprimaturError) return signerFailure;
  const reason = outcome.kind === 'failed' ? outcome.reason : outcome.kind === 'crashed' ? outcome.detail : outcome.kind;
  const detail = signerFailure === undefined ? `Signing the credential failed: ${reason}` : 'The claim signer failed.';
  return new ImprimaturError('PUBLISH_FAILED', { detail, cause: signerFailure });
}
