import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load-config.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { parseCertificates } from '../provenance/signing/certificates/parse-pem.ts';
import { currentOf, type WindowedSigner } from '../provenance/signing/signer-ring.ts';
import { DEVELOPMENT_CA, readSigning } from './open-signing.ts';

/** One line for each signer that a gateway with this configuration would have. Times are ISO 8601. */
interface ListedSigner {
  readonly name: string;
  readonly state: 'signs' | 'later' | 'over' | 'replaced';
  readonly alg: string;
  readonly subject: string;
  readonly from: string;
  readonly until: string;
}

/** What a gateway would sign with and trust. Makes nothing and connects to nobody. @throws ImprimaturError CONFIG_INVALID */
export async function listSigning(config: Config) {
  const { signers, timestamps } = config.values;
  const authorities = timestamps.authorities.map(({ url }) => url);
  const stamping = { mode: authorities.length === 0 ? ('off' as const) : timestamps.mode, authorities };
  if (signers.length === 0 && !existsSync(join(config.dataDir, DEVELOPMENT_CA))) return { signers: [], anchors: [], timestamps: stamping };
  const outbound = createOutbound();
  try {
    const ignore = () => undefined;
    const { signers: read, trustAnchorsPem } = await readSigning(config, { outbound, onStamp: ignore, onRemoteFailure: ignore });
    const now = new Date();
    return {
      signers: read.map((one) => listed(one, read, now)),
      anchors: parseCertificates(trustAnchorsPem).map(({ subject }) => oneLine(subject)),
      timestamps: stamping,
    };
  } finally {
    await outbound.close();
  }
}

function listed(one: WindowedSigner, all: readonly WindowedSigner[], now: Date): ListedSigner {
  const { name, signer, from, until } = one;
  const [leaf = new Uint8Array()] = signer.chainDer;
  const state = until <= now ? 'over' : from > now ? 'later' : currentOf(all, now) === one ? 'signs' : 'replaced';
  const subject = oneLine(new X509Certificate(leaf).subject);
  return { name, state, alg: signer.alg, subject, from: from.toISOString(), until: until.toISOString() };
}

function oneLine(subject: string): string {
  return subject.split('\n').join(', ');
}
