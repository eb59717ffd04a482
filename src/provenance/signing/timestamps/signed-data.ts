import { type CertificateFacts, parseFacts } from '../certificates/certificate-facts.ts';
import { childrenOf, DerCursor, type DerElement, oidOf, readDer, TAG } from '../der.ts';

const ID_SIGNED_DATA = '1.2.840.113549.1.7.2';
const MAX_CERTIFICATES = 10;

/** The one signer of a CMS SignedData (RFC 5652 §5), with what the signature covers. Byte arrays are raw DER unless said. */
export interface SignedData {
  readonly contentType: string;
  /** What the content is, unwrapped. */
  readonly content: Uint8Array;
  readonly certificates: readonly CertificateFacts[];
  readonly signer: {
    /** Issuer and serial number, or a subject key identifier (its bytes). */
    readonly id: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | { readonly keyIdentifier: Uint8Array };
    readonly digestAlgorithm: string;
    /** By object identifier, the one value of each attribute. */
    readonly attributes: ReadonlyMap<string, DerElement>;
    /** The attributes as a SET, which is what is signed (§5.4). */
    readonly signedBytes: Uint8Array;
    readonly signatureAlgorithm: DerElement;
    /** The bytes of the signature. */
    readonly signature: Uint8Array;
  };
}

/** @param contentInfo ContentInfo in DER. @throws RangeError when it is not one SignedData with one signer and signed attributes */
export function readSignedData(contentInfo: Uint8Array): SignedData {
  const info = new DerCursor(readDer(contentInfo, TAG.sequence));
  if (oidOf(info.take(TAG.oid)) !== ID_SIGNED_DATA) throw new RangeError('not a CMS SignedData');
  const data = new DerCursor(readDer(info.take(0xa0).content, TAG.sequence));
  data.take(TAG.integer);
  data.take(TAG.set);
  const encapsulated = new DerCursor(data.take(TAG.sequence));
  const contentType = oidOf(encapsulated.take(TAG.oid));
  const content = readDer(encapsulated.take(0xa0).content, TAG.octetString).content;
  const certificates = data.takeOptional(0xa0);
  data.takeOptional(0xa1);
  const signers = childrenOf(data.take(TAG.set));
  const [only] = signers;
  if (only === undefined || signers.length > 1) throw new RangeError('there is not exactly one signer');
  return { contentType, content, certificates: certificates === null ? [] : readCertificates(certificates), signer: readSigner(only) };
}

function readCertificates(set: DerElement): readonly CertificateFacts[] {
  const all = childrenOf(set);
  if (all.length > MAX_CERTIFICATES) throw new RangeError('too many certificates');
  try {
    return all.map(({ raw }) => parseFacts(raw));
  } catch (cause) {
    throw new RangeError('a certificate cannot be read', { cause });
  }
}

function readSigner(element: DerElement): SignedData['signer'] {
  const info = new DerCursor(element);
  info.take(TAG.integer);
  const sid = info.takeAny();
  const digestAlgorithm = oidOf(new DerCursor(info.take(TAG.sequence)).take(TAG.oid));
  const attributes = info.take(0xa0);
  const signatureAlgorithm = info.take(TAG.sequence);
  const signature = info.take(TAG.octetString).content;
  const signedBytes = Uint8Array.from(attributes.raw);
  signedBytes[0] = TAG.set;
  return { id: readId(sid), digestAlgorithm, attributes: readAttributes(attributes), signedBytes, signatureAlgorithm, signature };
}

function readId(sid: DerElement): SignedData['signer']['id'] {
  if (sid.tag === 0x80) return { keyIdentifier: sid.content };
  if (sid.tag !== TAG.sequence) throw new RangeError('the signer is not named');
  const parts = new DerCursor(sid);
  return { issuer: parts.take(TAG.sequence).raw, serial: parts.take(TAG.integer).raw };
}

function readAttributes(set: DerElement): ReadonlyMap<string, DerElement> {
  const found = new Map<string, DerElement>();
  for (const attribute of childrenOf(set)) {
    const parts = new DerCursor(attribute);
    const id = oidOf(parts.take(TAG.oid));
    const values = childrenOf(parts.take(TAG.set));
    const [value] = values;
    if (value === undefined || values.length > 1 || found.has(id)) throw new RangeError('a signed attribute has not exactly one value');
    found.set(id, value);
  }
  return found;
}
