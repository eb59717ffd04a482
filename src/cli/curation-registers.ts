import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Config } from '../config/load-config.ts';
import type { PeopleRule } from '../curation/judge-picture.ts';
import type { CompareFaces } from '../curation/look-at-picture.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import type { SeenFace } from '../detectors/looking/sight.ts';
import { type HashRegistry, HashRegistryDraft } from '../registries/hash-lists/hash-registry.ts';
import { readRows } from '../registries/hash-lists/read-rows.ts';
import { mattersSchema, optOutFactsSchema, optOutId } from '../registries/opt-outs/opt-out.ts';
import { createOptOutNames, NOBODY_OPTED_OUT, type OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import { UsageError } from './command.ts';
import { agreed, askJson, connectGateway, type GatewayClient } from './gateway-client.ts';

/** What the gateway of a data directory knows of what may be trained on. */
export interface Registers {
  readonly imported: HashRegistry;
  readonly optOuts: OptOutNames;
  /** Undefined: nobody is to be asked about faces. */
  readonly people: { readonly rule: PeopleRule; readonly version: string; readonly compare: CompareMany } | undefined;
}

type CompareMany = (faces: readonly SeenFace[]) => Promise<readonly string[]>;

/**
 * The registers of the gateway of this data directory, whether it runs or not; empty where there is none. Faces of the register stay with the
 * gateway: it is asked about those of the pictures, as long as `work` lasts.
 * @param wanted undefined: `known` where anybody is listed. @throws UsageError when people are wanted and there is no register
 */
export async function withRegisters<T>(
  config: Config,
  wanted: PeopleRule | 'none' | undefined,
  work: (registers: Registers) => Promise<T>,
): Promise<T> {
  if (!existsSync(config.dataDir)) {
    if (wanted !== undefined && wanted !== 'none') throw new UsageError(`There is no register of people: ${config.dataDir} is not there.`);
    return work({ imported: new HashRegistryDraft().finish(), optOuts: NOBODY_OPTED_OUT, people: undefined });
  }
  const client = await connectGateway(config);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await client.close();
    isOpen = false;
  };
  try {
    const registers = { imported: await importedLists(client), optOuts: await optOutsOf(client), people: await peopleOf(client, wanted) };
    // A gateway that was composed for this alone would keep others from starting.
    if (registers.people === undefined) await close();
    return await work(registers);
  } finally {
    await close();
  }
}

/** Looks for faces as the checks do, so nothing is looked at twice, and asks whose they are. */
export function facesComparer(looker: PictureLooker, compare: CompareMany): CompareFaces {
  return async (image) => {
    const sight = await looker.look(image, 'standard');
    if (sight.kind === 'unreadable') throw new TypeError('the networks cannot read this picture');
    const said = sight.faces.length === 0 ? [] : await compare(sight.faces);
    return sight.isCrowded ? [...said, 'person:not-compared'] : said;
  };
}

const everybody = z.object({ data: z.array(z.unknown()) });
const compared = z.object({ faces: z.array(z.object({ reasons: z.array(z.string().max(100)).min(1) })) });

async function peopleOf(client: GatewayClient, wanted: PeopleRule | 'none' | undefined): Promise<Registers['people']> {
  if (wanted === 'none') return undefined;
  const { data } = everybody.parse(await askJson(client, 'GET', '/v1/people'));
  if (wanted === undefined && data.length === 0) return undefined;
  return {
    rule: wanted ?? 'known',
    version: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
    async compare(faces) {
      const body = { for: 'training', faces: faces.map(({ descriptor, seenPx }) => ({ numbers: descriptor, seen_px: seenPx })) };
      const answer = compared.parse(await askJson(client, 'POST', '/v1/people/compare', body));
      if (answer.faces.length !== faces.length) throw new TypeError('the gateway answered about other faces');
      return answer.faces.flatMap(({ reasons }) => reasons);
    },
  };
}

async function importedLists(client: GatewayClient): Promise<HashRegistry> {
  const draft = new HashRegistryDraft();
  const answer = z.object({ data: z.array(z.object({ name: z.string(), source: z.string() })) });
  const { data } = answer.parse(await askJson(client, 'GET', '/v1/hash-lists'));
  for (const { name } of data.filter(({ source }) => source === 'import')) {
    const bytes = agreed(await client.request('GET', `/v1/hash-lists/${encodeURIComponent(name)}/rows?format=csv`));
    draft.begin(name);
    for await (const { rows } of readRows(Readable.from([bytes]), { format: 'csv' }))
      for (const row of rows) if (row !== null && typeof row !== 'string') draft.add(name, row);
  }
  return draft.finish();
}

const optOut = z
  .object({ ...optOutFactsSchema.shape, id: optOutId, what: mattersSchema, expires_at: z.coerce.date().nullable() })
  .transform(({ expires_at, ...facts }) => ({ ...facts, expiresAt: expires_at }));

async function optOutsOf(client: GatewayClient): Promise<OptOutNames> {
  const { data } = z.object({ data: z.array(optOut) }).parse(await askJson(client, 'GET', '/v1/opt-outs'));
  return createOptOutNames(data);
}
