import type { CredentialFormat, CredentialSource } from './image-format.ts';
import type { ByteString } from './manifest.ts';
import type { CredentialReport } from './read-credential.ts';
import type { ClaimAlgorithm } from './signing/claim-signer.ts';

/** What a job on the engine thread needs to sign one asset. The private key is not part of it. All bytes are moved to the thread, not copied. */
export interface SignRequest {
  readonly kind: 'sign';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: CredentialFormat;
  /** Manifest definition of c2pa-rs, as JSON. */
  readonly definition: string;
  /** What stands in the definition as text and must be bytes. */
  readonly byteStrings: readonly ByteString[];
  readonly ingredients: readonly EngineIngredient[];
  readonly alg: ClaimAlgorithm;
  readonly reserveSize: number;
  /** By these the credentials of ingredients are judged; the result is written into the manifest. */
  readonly trustAnchorsPem: string | null;
  /** Verify the file that was signed and answer with what was read. */
  readonly selfCheck: boolean;
}

/** A picture that the signed one was made from. */
export interface EngineIngredient {
  /** Ingredient definition of c2pa-rs, as JSON. */
  readonly definition: string;
  readonly format: CredentialFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface VerifyRequest {
  readonly kind: 'verify';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly format: CredentialSource;
  /** PEM; null verifies everything except who signed. */
  readonly trustAnchorsPem: string | null;
}

export type EngineRequest = SignRequest | VerifyRequest;

/** To the thread. `cose` answers its `claim`; null when the signer failed. */
export type ToEngine =
  | { readonly kind: 'run'; readonly request: EngineRequest }
  | { readonly kind: 'cose'; readonly cose: Uint8Array<ArrayBuffer> | null };

/** From the thread: one `ready`, then for each `run` any `claim` and exactly one `answer`. */
export type FromEngine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'claim'; readonly claim: Uint8Array }
  | {
      readonly kind: 'answer';
      readonly answer: EngineAnswer;
      readonly memoryBytes: number;
      /** True when the WebAssembly instance trapped and must not be used again. */
      readonly poisoned: boolean;
    };

export type EngineAnswer =
  /** `report`: what verification read, null where none was asked for. */
  | { readonly kind: 'signed'; readonly bytes: Uint8Array; readonly report: CredentialReport | null }
  | { readonly kind: 'read'; readonly report: CredentialReport }
  /** `reason` is c2pa-rs' own text, shortened. */
  | { readonly kind: 'failed'; readonly reason: string };
