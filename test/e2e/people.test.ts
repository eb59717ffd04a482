import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { drawnPerson } from '../../src/detectors/looking/drawn-person.fixture.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { eventually } from './waiting.ts';

const NAME = 'Quexilomar Zorbatanik';
const PERSON = await drawnPerson();
const COPY = await sharp(PERSON).flop().jpeg({ quality: 70 }).toBuffer();

let gateway: TestGateway;
let upstream: Upstream;
let portrait = '';
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startTestGateway({ models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }] });
  portrait = join(gateway.dataDir, 'portrait.png');
  writeFileSync(portrait, PERSON);
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const imprimatur = (...args: string[]) => runCommand([...args, '--config', gateway.configFile]);
const asked = z.object({ id: z.string() });
const add = async (...args: string[]) =>
  asked.parse(JSON.parse((await imprimatur('people', 'add', portrait, '--name', NAME, '--json', ...args)).out)).id;

/** What becomes of an edit of a copy of the portrait. */
async function edit(): Promise<string> {
  const body = new FormData();
  body.set('prompt', 'a portrait with a green background');
  body.set('image', new Blob([COPY], { type: 'image/jpeg' }), 'a.jpg');
  const answer = await gateway.fetch('/v1/images/edits', { method: 'POST', body, headers: { 'idempotency-key': crypto.randomUUID() } });
  const { error } = z.looseObject({ error: z.looseObject({ code: z.string() }).optional() }).parse(await answer.json());
  return error?.code ?? 'published';
}

describe('an operator who keeps the register of people', () => {
  it('lets somebody be edited who agreed, until the consent is taken back, and again once nobody knows them', async () => {
    const before = await edit();
    expect(before).toBe('published');
    const id = await add('--list', 'consent', '--purposes', 'edit', '--reference', 'contract 7');
    expect(await edit()).toBe(before);
    expect((await imprimatur('people', 'revoke', id)).out).toBe(`${id} is revoked, from now on and everywhere.`);
    expect(await edit()).toBe('moderation_blocked');
    expect((await imprimatur('people', 'remove', id)).out).toContain('no copy of their data opens any more');
    expect(await edit()).toBe(before);
  });

  it('sees who is in a picture, and never a name or a face: not in answers, not in logs, not in the ledger', async () => {
    const log = vi.spyOn(gateway.gateway.parts.telemetry.log, 'info');
    const id = await add('--list', 'protected');
    const matched = await imprimatur('people', 'match', portrait);
    expect(matched.out).toMatch(new RegExp(`face 1 +${id} +0\\.00 +protected`));
    expect((await imprimatur('people', 'list')).out).toMatch(new RegExp(`${id} +entry_\\w+ +protected +1`));
    expect((await imprimatur('people', 'name', id)).out).toBe(NAME);
    expect(await edit()).toBe('moderation_blocked');
    const read = async () => {
      const kinds = (await ledgerEntries(gateway)).map(({ kind }) => kind);
      return kinds.includes('person.name_read') && kinds.includes('people.searched') && kinds.includes('people.listed') ? true : null;
    };
    expect(await eventually('every look in the ledger', read)).toBe(true);
    const answers = await Promise.all(
      ['/v1/people', '/v1/cases', '/ledger/tile/entries/000', '/openapi.json'].map(async (path) =>
        (await gateway.fetch(path, { surface: 'operator' })).text(),
      ),
    );
    const said = [...answers, JSON.stringify(await ledgerEntries(gateway)), matched.out, JSON.stringify(log.mock.calls)].join('\n');
    expect(said).not.toMatch(/Quexilomar|"descriptor"|contract 7/);
    expect(said).not.toMatch(/-?0\.\d{3,},-?0\.\d{3,},-?0\.\d{3,}/);
    await imprimatur('people', 'remove', id);
  });

  it('keeps those who agreed in a training set, and nobody else where that is wanted', async () => {
    const [set, out] = [join(gateway.dataDir, 'set'), join(gateway.dataDir, 'curated')];
    mkdirSync(set);
    writeFileSync(join(set, 'a.jpg'), COPY);
    const curated = async (...args: string[]) => {
      const { code, err } = await imprimatur('curate', set, '--out', out, ...args);
      return code === 0 ? readFileSync(join(out, 'manifest.csv'), 'utf8').split('\n')[1] : err;
    };
    expect(await curated()).toMatch(/^a\.jpg,(?:keep|review),/);
    expect(await curated('--people', 'consented')).toMatch(/^a\.jpg,drop,person:unknown/);
    const id = await add('--list', 'consent', '--purposes', 'training', '--reference', 'contract 8');
    expect(await curated('--people', 'consented')).toMatch(/^a\.jpg,(?:keep|review),/);
    await imprimatur('people', 'revoke', id);
    expect(await curated()).toMatch(new RegExp(`^a\\.jpg,drop,person:no-consent:${id}`));
    expect(await curated('--people', 'all')).toContain('--people is known, consented or none');
    const noted = async () => ((await ledgerEntries(gateway)).some(({ kind }) => kind === 'people.compared') ? true : null);
    expect(await eventually('that faces were compared in the ledger', noted)).toBe(true);
    await imprimatur('people', 'remove', id);
  });

  it('is told what is wrong with what was sent', async () => {
    const told = async (...args: string[]) => {
      const { code, err } = await imprimatur('people', ...args);
      return [code, err];
    };
    const blank = join(gateway.dataDir, 'blank.png');
    writeFileSync(
      blank,
      await sharp({ create: { width: 300, height: 300, channels: 3, background: '#777' } })
        .png()
        .toBuffer(),
    );
    expect(await told('add', blank, '--list', 'protected')).toEqual([1, expect.stringContaining('Picture 1 has no face in it')]);
    expect(await told('add', portrait, '--list', 'friends')).toEqual([2, expect.stringContaining('Say on which list')]);
    expect(await told('add', portrait, '--list', 'consent')).toEqual([1, expect.stringContaining('Say what the consent is for')]);
    expect(await told('add', portrait, '--list', 'consent', '--purposes', 'edit')).toEqual([1, expect.stringContaining('evidence')]);
    expect(await told('remove', 'person_1')).toEqual([1, expect.any(String)]);
    const id = await add('--list', 'no_consent');
    expect(await told('add', portrait, '--list', 'protected')).toEqual([
      1,
      expect.stringContaining(`looks like ${id}, at a distance of 0.00`),
    ]);
    await imprimatur('people', 'remove', id);
  });

  it('is nobody else: a caller’s key opens nothing of it', async () => {
    for (const path of ['/v1/people', '/v1/opt-outs']) expect((await gateway.fetch(path)).status).toBe(403);
  });
});

describe('an artist who opts out', () => {
  it('is left alone from then on, without a restart', async () => {
    const flagged = async () => {
      const answer = await gateway.post('/v1/moderations', { input: 'a harbor in the style of Zofia Wolanin' });
      return z
        .object({ results: z.array(z.looseObject({ category_scores: z.looseObject({ ip: z.number() }) })) })
        .parse(await answer.json()).results[0]?.category_scores.ip;
    };
    expect(await flagged()).toBeLessThan(0.5);
    const added = await imprimatur(
      'opt-outs',
      'add',
      '--name',
      'Zofia Wolanin',
      '--what',
      'style,training',
      '--reference',
      'letter 4',
      '--json',
    );
    const { id } = asked.parse(JSON.parse(added.out));
    expect(await flagged()).toBe(0.9);
    expect((await imprimatur('opt-outs', 'list')).out).toMatch(/Zofia Wolanin +style, training/);
    expect((await imprimatur('opt-outs', 'remove', id)).out).toBe(`${id} is removed.`);
    expect(await flagged()).toBeLessThan(0.5);
    expect((await imprimatur('opt-outs', 'add', '--name', 'Zofia Wolanin')).code).toBe(2);
  });
});
