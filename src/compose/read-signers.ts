import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { ConfigValues } from '../config/schema.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { certificateFacts } from '../provenance/signing/certificates/certificate-facts.ts';
import { EKU_TIME_STAMPING } from '../provenance/signing/certificates/extended-key-usage.ts';
import { errorsOf, lintChain } from '../provenance/signing/certificates/lint-chain.ts';
import { parseCertificates } from '../provenance/signing/certificates/parse-pem.ts';
import { describeFlaw, type Flaw } from '../provenance/signing/certificates/rule.ts';
import type { ClaimAlgorithm, ClaimSigner } from '../provenance/signing/claim-signer.ts';
import { readKeyFile, readPemFile } from '../provenance/signing/key-file.ts';
import { createRemoteSigner } from '../provenance/signing/remote-signer.ts';
import { algorithmOf, signWith } from '../provenance/signing/signature-scheme.ts';
import { type WindowedSigner, windowOf } from '../provenance/signing/signer-ring.ts';

type SignerSettings = ConfigValues['signers'][number];

/** What was read of the configuration, and what is wrong with it, as lines for a person. */
export interface ReadSigners {
  readonly signers: readonly WindowedSigner[];
  /** Nothing can start with these. */
  readonly problems: readonly string[];
  /** Certificates that have run out or are not valid yet: bad only when no other signer may sign now. */
  readonly outOfTime: readonly string[];
}

interface Ground {
  readonly anchors: readonly X509Certificate[];
  readonly outbound: Outbound;
  readonly now: Date;
  readonly onRemoteFailure: (signer: string, cause: string) => void;
}

const TIME_RULES: ReadonlySet<string> = new Set(['expired', 'not-yet-valid']);

/** Every configured signer, and every problem of all of them at once. Opens no connection. */
export async function readSigners(settings: ConfigValues['signers'], ground: Ground): Promise<ReadSigners> {
  const read = await Promise.all(settings.map((one) => readSigner(one, ground)));
  const names = settings.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `signers: two have the name ${name}`);
  return {
    signers: read.flatMap(({ signers }) => signers),
    problems: [...twice, ...read.flatMap(({ problems }) => problems)],
    outOfTime: read.flatMap(({ outOfTime }) => outOfTime),
  };
}

async function readSigner(settings: SignerSettings, ground: Ground): Promise<ReadSigners> {
  const place = `signers.${settings.name}`;
  const problems: string[] = [];
  const chain = await attempt(problems, async () => parseCertificates(await readPemFile(settings.certificates, `${place}.certificates`)));
  const privateKey = await attempt(problems, () => privateKeyOf(settings, place));
  if (chain === undefined) return { signers: [], problems, outOfTime: [] };
  const { anchors, now } = ground;
  const flaws = errorsOf(
    lintChain({
      chain,
      anchors,
      now,
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(settings.alg === undefined ? {} : { alg: settings.alg }),
    }),
  );
  const say = (flaw: Flaw) => `${place}: ${describeFlaw(flaw)}`;
  problems.push(...flaws.filter(({ rule }) => !TIME_RULES.has(rule)).map(say));
  const outOfTime = flaws.filter(({ rule }) => TIME_RULES.has(rule)).map(say);
  const [leaf] = chain;
  const alg = settings.alg ?? (leaf === undefined ? null : algorithmOf(leaf.publicKey));
  if (problems.length > 0 || alg === null) return { signers: [], problems, outOfTime };
  const signer = build(settings, { alg, chainDer: chain.map(({ raw }) => raw), privateKey }, ground);
  const dates = { from: dateOf(settings.from), until: dateOf(settings.until) };
  return { signers: [{ name: settings.name, signer, ...windowOf(signer, dates) }], problems, outOfTime };
}

async function privateKeyOf({ key, keyPem }: SignerSettings, place: string): Promise<KeyObject | undefined> {
  if (key === undefined && keyPem === undefined) return undefined;
  // A variable may hold the PEM on one line, with \n written out.
  const pem = key === undefined ? (keyPem?.reveal().replaceAll('\\n', '\n') ?? '') : await readKeyFile(key, `${place}.key`);
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's own error could repeat what it read.
    throw new Error(`${place}: key-unreadable: the private key is not readable PEM, or is encrypted`);
  }
}

function build(
  { name, remote }: SignerSettings,
  {
    alg,
    chainDer,
    privateKey,
  }: { readonly alg: ClaimAlgorithm; readonly chainDer: readonly Uint8Array[]; readonly privateKey: KeyObject | undefined },
  { outbound, onRemoteFailure }: Ground,
): ClaimSigner {
  if (privateKey !== undefined) return { alg, chainDer, sign: (toBeSigned) => signWith(privateKey, alg, toBeSigned) };
  if (remote === undefined) throw new TypeError('the schema lets no signer through without a key');
  const { url, keyId, timeoutMs, token, hmacSecret } = remote;
  const bearer = token === undefined ? null : { kind: 'bearer' as const, secret: () => token.reveal() };
  const auth = hmacSecret === undefined ? bearer : { kind: 'hmac' as const, secret: () => hmacSecret.reveal() };
  return createRemoteSigner({ url, keyId, alg, chainDer, outbound, timeoutMs, auth, onFailure: (cause) => onRemoteFailure(name, cause) });
}

/** PEM files of anchors. Whatever cannot be read becomes a problem. */
export async function readAnchors(paths: readonly string[], setting: string, problems: string[]): Promise<readonly X509Certificate[]> {
  const read = await Promise.all(
    paths.map((path) =>
      attempt(problems, async () => {
        const found = parseCertificates(await readPemFile(path, setting));
        if (found.length === 0) problems.push(`${setting}: there is no certificate in ${path}`);
        return found;
      }),
    ),
  );
  return read.flatMap((one) => one ?? []);
}

/**
 * c2pa-rs has one list of anchors for signers and for time-stamp authorities (0.91.3), so whoever an authority's anchor certifies could
 * sign credentials that we trust. An anchor of authorities must therefore be limited to time-stamping, or be trusted for signers anyway.
 */
export function problemsOfAuthorityAnchors(
  authorities: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): readonly string[] {
  return authorities
    .filter((anchor) => !trusted.some(({ fingerprint256 }) => fingerprint256 === anchor.fingerprint256))
    .filter((anchor) => {
      const { extendedKeyUsages } = certificateFacts(anchor);
      return extendedKeyUsages.length !== 1 || extendedKeyUsages[0] !== EKU_TIME_STAMPING;
    })
    .map(
      ({ subject }) =>
        `timestamps.anchors: authority-anchor-unlimited: ${subject.replaceAll('\n', ', ')} is not limited to time-stamping; ` +
        "give the certificate of the authority's issuing CA instead of its root",
    );
}

async function attempt<T>(problems: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : 'unreadable');
    return undefined;
  }
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
