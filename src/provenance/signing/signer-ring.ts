import { X509Certificate } from 'node:crypto';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ClaimSigner } from './claim-signer.ts';
import { type CoseOptions, type CoseSigner, createCoseSigner } from './cose-sign1.ts';

/** What signs the next picture, and whose signatures are trusted; asked anew for each picture, so that keys can rotate. */
export interface SigningSource {
  /** @throws ImprimaturError PUBLISH_FAILED when no signer may sign now */
  current(): CoseSigner;
  /** PEM of all trust anchors: those of signers that signed earlier, too. */
  trustAnchorsPem(): string;
}

/** A signer, and the time in which it may sign. */
export interface WindowedSigner {
  readonly name: string;
  readonly signer: ClaimSigner;
  /** Never wider than the leaf's own validity. */
  readonly from: Date;
  readonly until: Date;
}

/** Everything that a start or a reload brings. */
export interface RingContents {
  readonly signers: readonly WindowedSigner[];
  readonly trustAnchorsPem: string;
  readonly stamping?: CoseOptions['stamping'];
}

/** Several signers that follow each other without a gap: of those whose time it is, the one that began last signs. */
export interface SignerRing extends SigningSource {
  /** Name of the signer that signs now, or null. */
  nameOfCurrent(): string | null;
  signers(): readonly WindowedSigner[];
  /** Puts other signers and anchors in the place of these; pictures that are being signed end with what they began with. */
  replace(contents: RingContents): void;
}

export function createSignerRing(first: RingContents, now: () => Date = () => new Date()): SignerRing {
  let contents = first;
  const active = () => currentOf(contents.signers, now());
  return {
    current() {
      const found = active();
      if (found === null)
        throw new ImprimaturError('PUBLISH_FAILED', {
          detail: 'No signer may sign now: every certificate has run out or is not valid yet.',
        });
      return createCoseSigner(found.signer, contents.stamping === undefined ? {} : { stamping: contents.stamping });
    },
    trustAnchorsPem: () => contents.trustAnchorsPem,
    nameOfCurrent: () => active()?.name ?? null,
    signers: () => contents.signers,
    replace(next) {
      contents = next;
    },
  };
}

/** The signer that signs at a moment, or null. */
export function currentOf(signers: readonly WindowedSigner[], at: Date): WindowedSigner | null {
  const open = signers.filter(({ from, until }) => from <= at && at < until);
  return open.reduce<WindowedSigner | null>((latest, one) => (latest === null || one.from >= latest.from ? one : latest), null);
}

/** One signer and its anchors, unchanging: for tests, benches and tools. */
export function fixedSigning(signer: ClaimSigner, trustAnchorsPem: string): SigningSource {
  const cose = createCoseSigner(signer);
  return { current: () => cose, trustAnchorsPem: () => trustAnchorsPem };
}

/** The window that a signer has by itself: while its whole chain is valid, narrowed by what the operator wrote. */
export function windowOf(
  { chainDer }: Pick<ClaimSigner, 'chainDer'>,
  { from, until }: { readonly from?: Date | undefined; readonly until?: Date | undefined } = {},
): { readonly from: Date; readonly until: Date } {
  const chain = chainDer.map((der) => new X509Certificate(der));
  const starts = [...chain.map(({ validFrom }) => Date.parse(validFrom)), from?.getTime() ?? 0];
  const ends = [...chain.map(({ validTo }) => Date.parse(validTo)), until?.getTime() ?? Number.POSITIVE_INFINITY];
  return { from: new Date(Math.max(...starts)), until: new Date(Math.min(...ends)) };
}
