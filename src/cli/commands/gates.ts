import { z } from 'zod';
import { type Command, type ParsedArgs, parseCommandLine, UsageError } from '../command.ts';
import { askJson, type GatewayClient, sayFromGateway } from '../gateway-client.ts';
import { table } from '../table.ts';
import { canaryOf, type ShownGate, shownGate, tellGate } from './gate-text.ts';

const OWN = ['percent', 'allow', 'surface', 'region', 'canary', 'roll-back-to', 'reason'];

export const gates: Command = {
  name: 'gates',
  usage: [
    'imprimatur gates list [--json]',
    'imprimatur gates show MODEL:OPERATION[:OPTION=VALUE] [--json]',
    'imprimatur gates set MODEL:OPERATION[:OPTION=VALUE] off|allowlist|percent|on [--percent N] [--allow user:ID,key:ID,application:NAME] [--surface NAME] [--region CODE] [--canary refused=LOW..HIGH,held=..HIGH,reported=..HIGH|none] [--roll-back-to off|allowlist] [--reason TEXT] [--json]',
    'imprimatur gates remove MODEL:OPERATION[:OPTION=VALUE] [--surface NAME] [--region CODE] [--reason TEXT] [--json]',
  ],
  about:
    'Who may use which capability: opens it for nobody, for those listed, for a share of users, or for all; with --surface or --region only there, until that is removed. "*" stands for any model or operation. --canary closes it by itself when a share of its requests leaves its band; show says how far each has gone.',
  async run(args, context) {
    const line = parseCommandLine(args, context, OWN);
    const act = actOf(line);
    return sayFromGateway(line, context, act);
  },
};

/** What is asked for, before the gateway is. @throws UsageError */
function actOf({
  positionals: [action, capability, state, ...more],
  json,
  options,
}: ParsedArgs): (client: GatewayClient) => Promise<string> {
  const told = (gate: ShownGate) => (json ? JSON.stringify(gate) : `${gate.capability} has version ${gate.version}.`);
  if (action === 'list' && capability === undefined) return (client) => list(client, json);
  if (capability !== undefined && more.length === 0) {
    if (action === 'show' && state === undefined)
      return async (client) => {
        const found = required(await gateOf(client, capability));
        return json ? JSON.stringify(found) : tellGate(found);
      };
    if (action === 'set' && state !== undefined) {
      const canary = canaryOf(options['canary'], options['roll-back-to']);
      return async (client) => {
        const body = changed(await gateOf(client, capability), state, options);
        return told(await put(client, capability, { ...body, ...said({ canary }) }));
      };
    }
    if (action === 'remove' && state === undefined && (options['surface'] ?? options['region']) !== undefined)
      return async (client) => told(await put(client, capability, without(required(await gateOf(client, capability)), options)));
  }
  throw new UsageError('Say list; show with a capability; set with one and a state; or remove with one and the surface or region.');
}

async function list(client: GatewayClient, json: boolean): Promise<string> {
  const found = await listGates(client);
  return json ? JSON.stringify(found) : table(['capability', 'state', 'where', 'version', 'canary'], found.flatMap(rowsOf));
}

async function listGates(client: GatewayClient): Promise<readonly ShownGate[]> {
  return z.object({ data: z.array(shownGate) }).parse(await askJson(client, 'GET', '/v1/gates')).data;
}

async function gateOf(client: GatewayClient, capability: string): Promise<ShownGate | undefined> {
  return (await listGates(client)).find((one) => one.capability === capability);
}

async function put(client: GatewayClient, capability: string, body: object): Promise<ShownGate> {
  return shownGate.parse(await askJson(client, 'PUT', `/v1/gates/${encodeURIComponent(capability)}`, body));
}

/** @throws UsageError */
function required(found: ShownGate | undefined): ShownGate {
  if (found === undefined) throw new UsageError('There is no such gate: see "imprimatur gates list".');
  return found;
}

type Options = ParsedArgs['options'];

/** One part of the gate changed, for the version that was read; the gateway leaves the others as they are. */
function changed(before: ShownGate | undefined, state: string, options: Options) {
  const { percent, allow, surface, region, reason } = options;
  const admission = said({ state, percent: percent === undefined ? undefined : Number(percent), allow: allow?.split(',') });
  const about = said({ version: before?.version ?? 0, reason });
  if (surface === undefined && region === undefined) return { ...about, ...admission };
  const overrides = [...elsewhere(before, options), { ...said({ surface, region }), ...admission }];
  return { ...about, ...wholeOf(before), overrides };
}

/** The gate with one override less. @throws UsageError when it has none there */
function without(before: ShownGate, options: Options) {
  const overrides = elsewhere(before, options);
  if (overrides.length === (before.overrides ?? []).length) throw new UsageError('The gate says nothing of its own for just that place.');
  return { ...said({ version: before.version, reason: options['reason'] }), ...wholeOf(before), overrides };
}

const wholeOf = (before: ShownGate | undefined) => said({ state: before?.state ?? 'on', percent: before?.percent ?? undefined });

const elsewhere = (before: ShownGate | undefined, { surface, region }: Options) =>
  (before?.overrides ?? []).filter((one) => one.surface !== surface || one.region !== region);

/** Only what was said. */
function said(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function rowsOf({ capability, state, percent, overrides = [], canary, version }: ShownGate): string[][] {
  const shown = percent === null ? state : `${state} ${percent}`;
  const places = overrides.map((one) => [capability, one.state, [one.surface, one.region].filter(Boolean).join(', '), '']);
  return [
    [capability, shown, 'everywhere', String(version), canary === undefined ? '' : `rolls back to ${canary.roll_back_to}`],
    ...places,
  ];
}
