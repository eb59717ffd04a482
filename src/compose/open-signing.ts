import { join } from 'node:path';
import { Counter } from 'prom-client';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { openDevelopmentCa } from '../provenance/signing/certificates/development-ca.ts';
import { parseCertificates, toPem } from '../provenance/signing/certificates/parse-pem.ts';
import { createLocalSigner } from '../provenance/signing/local-signer.ts';
import { createSignerRing, currentOf, type RingContents, type SignerRing, windowOf } from '../provenance/signing/signer-ring.ts';
import { createTimestamper, type Timestamper } from '../provenance/signing/timestamps/timestamper.ts';
import { describeError, type Telemetry } from '../telemetry/telemetry.ts';
import { problemsOfAuthorityAnchors, readAnchors, readSigners } from './read-signers.ts';
import { watchExpiry } from './watch-expiry.ts';

export interface SigningParts {
  readonly ring: SignerRing;
  /** Reads signers, anchors and authorities again. What is bad changes nothing. @throws ImprimaturError CONFIG_INVALID */
  reload(config: Config): Promise<void>;
  stop(): Promise<void>;
}

interface Ground {
  readonly outbound: Outbound;
  readonly telemetry: Telemetry;
}

/** Who signs, whom we trust and who stamps. Refuses to start when nobody could sign now. @throws ImprimaturError CONFIG_INVALID */
export async function openSigning(config: Config, { outbound, telemetry }: Ground): Promise<SigningParts> {
  const stamps = new Counter({
    name: 'imprimatur_timestamps_total',
    help: 'Answers of time-stamp authorities: stamped, or what was wrong.',
    labelNames: ['authority', 'outcome'],
    registers: [telemetry.registry],
  });
  const hear = {
    onStamp: (authority: string, outcome: string) => {
      stamps.inc({ authority, outcome });
      if (outcome !== 'stamped') telemetry.log.warn({ event: 'timestamp.failed', authority, outcome });
    },
    onRemoteFailure: (signer: string, cause: string) => telemetry.log.error({ event: 'signer.failed', signer, cause }),
  };
  const first = await readSigning(config, { outbound, ...hear });
  const ring = createSignerRing(first);
  const expiry = watchExpiry(ring, telemetry);
  void first.stamping?.timestamper.probe();
  return {
    ring,
    async reload(next) {
      try {
        const contents = await readSigning(next, { outbound, ...hear });
        ring.replace(contents);
        expiry.look();
        telemetry.log.info({ event: 'signers.reloaded', signer: ring.nameOfCurrent(), signers: ring.signers().map(({ name }) => name) });
        await contents.stamping?.timestamper.probe();
      } catch (error) {
        telemetry.log.error({ event: 'signers.not_reloaded', error: describeError(error) });
        throw error;
      }
    },
    stop: expiry.stop,
  };
}

interface ReadGround {
  readonly outbound: Outbound;
  readonly onStamp: (authority: string, outcome: string) => void;
  readonly onRemoteFailure: (signer: string, cause: string) => void;
  readonly now?: Date;
}

/** The configuration, read and checked: every problem at once. Opens no connection. @throws ImprimaturError CONFIG_INVALID */
export async function readSigning(
  { values, dataDir }: Config,
  { outbound, onStamp, onRemoteFailure, now = new Date() }: ReadGround,
): Promise<RingContents> {
  const { signers: settings, trust, timestamps } = values;
  const problems: string[] = [];
  const listed = await readAnchors(trust.anchors, 'trust.anchors', problems);
  const authorityAnchors = await readAnchors(timestamps.anchors, 'timestamps.anchors', problems);
  problems.push(...problemsOfAuthorityAnchors(authorityAnchors, listed));
  if (settings.length > 0 && trust.anchors.length === 0) problems.push('trust.anchors: name the PEM file with the root of your signers');
  const stamping = stampingOf(timestamps, authorityAnchors, problems, { outbound, onStamp });
  const read = await readSigners(settings, { anchors: listed, outbound, now, onRemoteFailure });
  problems.push(...read.problems);
  if (settings.length > 0 && problems.length === 0 && currentOf(read.signers, now) === null) {
    problems.push(
      ...(read.outOfTime.length > 0 ? read.outOfTime : ['signers: the time of none of them is now; look at "from" and "until"']),
    );
  }
  if (problems.length > 0) {
    const lines = problems.map((line) => `  - ${line}`).join('\n');
    throw new ImprimaturError('CONFIG_INVALID', {
      detail: `Content credentials cannot be signed:\n${lines}\ndocs/signing.md explains each rule.`,
    });
  }
  const development = settings.length > 0 ? null : await developmentSigner(dataDir);
  const anchors = [...listed, ...authorityAnchors, ...(development === null ? [] : parseCertificates(development.rootPem))];
  return {
    signers: development === null ? read.signers : [development.signer],
    trustAnchorsPem: toPem(anchors),
    ...(stamping === null ? {} : { stamping }),
  };
}

export const DEVELOPMENT_CA = join('keys', 'development-ca');

async function developmentSigner(dataDir: string) {
  const chain = await openDevelopmentCa({ directory: join(dataDir, DEVELOPMENT_CA) });
  const signer = createLocalSigner(chain);
  return { rootPem: chain.rootPem, signer: { name: 'development', signer, ...windowOf(signer) } };
}

function stampingOf(
  { mode, authorities, maxClockSkewSeconds }: Config['values']['timestamps'],
  anchors: Parameters<typeof createTimestamper>[0]['anchors'],
  problems: string[],
  { outbound, onStamp }: Pick<ReadGround, 'outbound' | 'onStamp'>,
): { readonly timestamper: Timestamper; readonly isRequired: boolean } | null {
  if (mode === 'required' && authorities.length === 0) problems.push('timestamps.authorities: timestamps are required, and there is none');
  if (mode === 'off' || authorities.length === 0) return null;
  if (anchors.length === 0) problems.push('timestamps.anchors: name the PEM file with the issuing CA of each authority');
  const timestamper = createTimestamper({
    authorities: authorities.map(({ url, timeoutMs, authorization }) => ({
      url,
      timeoutMs,
      ...(authorization === undefined ? {} : { authorization: () => authorization.reveal() }),
    })),
    anchors,
    outbound,
    maxClockSkewMs: maxClockSkewSeconds * 1_000,
    onAnswer: onStamp,
  });
  return { timestamper, isRequired: mode === 'required' };
}
