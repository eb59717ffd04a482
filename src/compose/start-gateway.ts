import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/load-config.ts';
import { ONE_PIXEL } from '../detectors/looking/warm-up.ts';
import { byKeyOrSession } from '../http/authenticate.ts';
import { createServer } from '../http/server.ts';
import { composeGateway, type Gateway, type Overrides } from '../main.ts';
import { gapsOf } from '../policy/coverage.ts';
import { formatPolicyRef } from '../policy/policy-ref.ts';
import { ensureConfiguredApplications } from './configured-applications.ts';
import { ensureConfiguredKeys } from './configured-keys.ts';
import { ensureFirstKeys, type FirstKeys } from './first-keys.ts';
import { refuseDevelopmentParts } from './refuse-development-parts.ts';

export interface RunningGateway {
  readonly url: string;
  readonly firstKeys: FirstKeys;
  readonly gateway: Gateway;
  close(): Promise<void>;
}

interface StartOverrides extends Overrides {
  /** Where the console's files are; without it, where the build puts them. */
  readonly consoleFolders?: readonly URL[];
}

/** The socket through which the command line reaches a running gateway. Whoever can open it runs the gateway. */
export function controlSocketPath(dataDir: string): string {
  return join(dataDir, 'control.sock');
}

/** A gateway with both doors open: the public one by API key, and the control socket. @throws ImprimaturError */
export async function startGateway(config: Config, overrides: StartOverrides = {}): Promise<RunningGateway> {
  refuseDevelopmentParts(config, false);
  const gateway = await composeGateway(config, overrides);
  const doors: FastifyInstance[] = [];
  const close = async () => {
    await Promise.allSettled(doors.map((door) => door.close()));
    await gateway.close();
  };
  try {
    const warm = warmUp(gateway);
    // Awaited below; until then nobody else hears of its failure.
    warm.catch(() => undefined);
    const firstKeys = await prepare(config, gateway);
    doors.push(await openControlDoor(config, gateway));
    const { consoleFolders } = overrides;
    const parts = consoleFolders === undefined ? gateway.parts : { ...gateway.parts, consoleFolders };
    const app = await createServer(parts, byKeyOrSession(parts));
    doors.push(app);
    // Whoever comes first would wait for the networks, behind those who load them.
    await warm;
    await app.listen({ host: config.values.host, port: config.values.port });
    const url = urlOf(app, config.values.host);
    gateway.setBaseUrl(url);
    const { telemetry, policy, db } = gateway.parts;
    telemetry.log.info({ event: 'gateway.ready', url, policy: formatPolicyRef(policy.ref), database: db.kind });
    return { url, firstKeys, gateway, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whatever a picture passes through has been loaded afterwards. What fails but the networks shows, and counts, at the first picture. */
async function warmUp({ warmUp: loadEyes, parts: { provenance, review } }: Gateway): Promise<void> {
  const drawn = review.publish.finish(ONE_PIXEL, { format: 'png', label: null, mark: { isEdited: false } });
  const others = Promise.allSettled([drawn, provenance.verify(ONE_PIXEL)]);
  await loadEyes();
  await others;
}

/** First keys, and the start in the ledger, with every development part that was allowed. */
async function prepare(config: Config, { parts }: Gateway): Promise<FirstKeys> {
  const firstKeys = await ensureFirstKeys(config, parts);
  await ensureConfiguredKeys(config, parts);
  await ensureConfiguredApplications(config, parts);
  const development = refuseDevelopmentParts(config, Object.keys(firstKeys).length > 0);
  if (development.length > 0) parts.telemetry.log.warn({ event: 'development.allowed', host: config.values.host, parts: development });
  const coverage = tellCoverage(parts);
  await parts.journal.record({}, [{ kind: 'gateway.started', policy: formatPolicyRef(parts.policy.ref), development, ...coverage }]);
  return firstKeys;
}

/** What the policy names and nobody looks for in pictures: how much, in the log at every start; which, for the ledger. */
function tellCoverage({ coverage, telemetry }: Gateway['parts']) {
  const rows = coverage.rows();
  const uncovered = gapsOf(rows).map(({ category, looksAt }) => `${category}:${looksAt}`);
  const waived = rows.flatMap(({ category, looksAt, waiver }) => (waiver === undefined ? [] : [`${category}:${looksAt}:${waiver.until}`]));
  if (uncovered.length > 0) telemetry.log.warn({ event: 'coverage.gaps', gaps: uncovered.length, hint: 'imprimatur coverage' });
  if (waived.length > 0) telemetry.log.warn({ event: 'coverage.waived', waived: waived.length, hint: 'imprimatur coverage' });
  telemetry.log.debug({ event: 'coverage.told', uncovered, waived });
  return { ...(uncovered.length > 0 ? { uncovered } : {}), ...(waived.length > 0 ? { waived } : {}) };
}

async function openControlDoor({ dataDir }: Config, { parts }: Gateway): Promise<FastifyInstance> {
  const control = await createServer(parts, async () => ({ kind: 'staff', id: 'local', roles: ['operator'] }));
  const path = controlSocketPath(dataDir);
  // The data directory is locked, so a socket that is still there was left by a process that died.
  await rm(path, { force: true });
  await control.listen({ path });
  return control;
}

function urlOf(app: FastifyInstance, host: string): string {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
