import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { EKU_TIME_STAMPING } from '../certificates/extended-key-usage.ts';
import { type Entity, newEntity, privateKeyPem } from '../certificates/issue-certificate.ts';

const DAY_MS = 86_400_000;

/** How one certificate differs from a good one of its place. */
export interface CertificateChanges {
  readonly ca?: boolean;
  /** Null leaves the extension out. */
  readonly keyUsage?: readonly (keyof typeof KeyUsageFlags)[] | null;
  readonly pathLength?: number;
  readonly extendedKeyUsage?: readonly string[];
  readonly criticalExtension?: string;
}

/** anchor → intermediates → authority; `intermediates` one change for each, the one below the anchor first. */
export async function authorityChain({
  anchor: changes = {},
  intermediates = [{}],
  authority = {},
}: {
  readonly anchor?: CertificateChanges;
  readonly intermediates?: readonly CertificateChanges[];
  readonly authority?: CertificateChanges;
} = {}) {
  const root = await newEntity('anchor', 'es256');
  const anchor = await certificate(root, root, { ca: true, ...changes });
  let issuer = root;
  const between: string[] = [];
  for (const [index, one] of intermediates.entries()) {
    const entity = await newEntity(`intermediate ${index}`, 'es256');
    between.push(await certificate(entity, issuer, { ca: true, extendedKeyUsage: [EKU_TIME_STAMPING], ...one }));
    issuer = entity;
  }
  const leaf = await newEntity('authority', 'es256');
  return {
    anchors: [new X509Certificate(anchor)],
    issued: {
      anchorPem: between.join(''),
      certificatePem: await certificate(leaf, issuer, { ca: false, extendedKeyUsage: [EKU_TIME_STAMPING], ...authority }),
      privateKeyPem: await privateKeyPem(leaf),
    },
  };
}

async function certificate(subject: Entity, issuer: Entity, changes: CertificateChanges): Promise<string> {
  const { ca = false, pathLength, extendedKeyUsage, criticalExtension } = changes;
  const { keyUsage = [ca ? 'keyCertSign' : 'digitalSignature'] } = changes;
  const made = await X509CertificateGenerator.create({
    subject: `CN=${subject.commonName}`,
    issuer: `CN=${issuer.commonName}`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingKey: issuer.keys.privateKey,
    publicKey: subject.keys.publicKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(ca, pathLength, true),
      ...(keyUsage === null
        ? []
        : [
            new KeyUsagesExtension(
              keyUsage.reduce((bits, name) => bits | KeyUsageFlags[name], 0),
              true,
            ),
          ]),
      ...(extendedKeyUsage === undefined ? [] : [new ExtendedKeyUsageExtension([...extendedKeyUsage], true)]),
      ...(criticalExtension === undefined ? [] : [new Extension(criticalExtension, true, Uint8Array.of(5, 0))]),
    ],
  });
  return `${made.toString('pem').trim()}\n`;
}
