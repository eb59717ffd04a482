import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import sharp from 'sharp';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Bench } from '../../models/upstream.fixture.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { createCheckRunner } from '../create-check-runner.ts';
import { createPlainCopier } from './plain-copies.ts';
import { createServiceChecks } from './service-checks.ts';
import { createPictureDialect, serviceSchema } from './service-kinds.ts';

const bench = new Bench();
const pool = createWorkerPool({ size: 1 });
const copy = createPlainCopier(pool);
afterEach(() => bench.close());
afterAll(() => pool.close());

const KINDS = {
  http: (url: string) => ({ kind: 'http', url, categories: ['hate', 'violence_gore'] }),
  'openai-moderation': (url: string) => ({ kind: 'openai-moderation', baseUrl: url }),
  'azure-content-safety': (url: string) => ({ kind: 'azure-content-safety', endpoint: url }),
  'vision-judge': (url: string) => ({ kind: 'vision-judge', baseUrl: url, model: 'judge', categories: ['hate', 'violence_gore'] }),
} as const;
type Kind = keyof typeof KINDS;
const every: readonly Kind[] = ['http', 'openai-moderation', 'azure-content-safety', 'vision-judge'];

const SECRET = 'a harbor that nobody may know of';
const photograph = await sharp({ create: { width: 1_400, height: 900, channels: 3, background: '#468' } })
  .withExif({ IFD0: { ImageDescription: SECRET, Make: 'Camera' }, IFD3: { GPSLatitude: '48/1 12/1 0/1', GPSLatitudeRef: 'N' } })
  .jpeg()
  .toBuffer();

type Answer = (response: ServerResponse) => void;
function play(name: string, status = 200, type = name.endsWith('.html') ? 'text/html' : 'application/json'): Answer {
  const body = readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
  return (response) => response.writeHead(status, { 'content-type': type }).end(body);
}

/** A service of this kind that answers like this, and what its checks say about pictures, one after the other. */
async function asked(kind: Kind, answer: Answer, more: object = {}, images: readonly Uint8Array[] = [photograph]) {
  const upstream = await bench.upstream(answer);
  const settings = serviceSchema.parse({ name: 'one', ...KINDS[kind](upstream.baseUrl), ...more });
  const dialect = createPictureDialect(settings, () => 'secret-key');
  const checks = createServiceChecks({ settings, dialect, outbound: bench.outbound(), copy });
  const runner = createCheckRunner({ checks, expected: checks.map(({ id }) => id) });
  const said: string[][] = [];
  for (const image of images) {
    const { findings } = await runner.run([{ subject: { kind: 'artifact', index: 0 }, prompt: SECRET, surface: 'api', image }]);
    said.push(
      findings.map((finding) => {
        if (finding.kind === 'failed') return `${finding.check}: failed ${finding.cause} ${finding.detail}`;
        if (finding.kind === 'abstained') return `${finding.check}: abstained`;
        return `${finding.check}: ${finding.signals.map(({ category, score, reason }) => `${category} ${score.toFixed(2)} ${reason}`).join(', ')}`;
      }),
    );
  }
  return { upstream, checks, said, first: said[0]?.join('; ') };
}

describe('what a service outside says of a picture', () => {
  it.each<[Kind, string]>([
    ['http', 'one: hate 0.02 one:hate, violence_gore 0.83 one:violence_gore'],
    ['openai-moderation', 'one: violence_gore 0.93 one:violence, self_harm 0.50 one:self-harm'],
    ['azure-content-safety', 'one: self_harm 0.33 one:SelfHarm, violence_gore 1.00 one:Violence'],
    ['vision-judge', 'one: hate 0.02 one:hate, violence_gore 0.83 one:violence_gore'],
  ])('%s: is taken over in our categories', async (kind, expected) => {
    expect((await asked(kind, play(`${kind}.found.json`))).first).toBe(expected);
    expect((await asked(kind, play(`${kind}.calm.json`))).first).toBe('one: ');
  });

  it('is asked with the key, in the words of its own documentation', async () => {
    const openai = await asked('openai-moderation', play('openai-moderation.calm.json'));
    expect(openai.upstream.received[0]).toMatchObject({ path: '/moderations', headers: { authorization: 'Bearer secret-key' } });
    const azure = await asked('azure-content-safety', play('azure-content-safety.calm.json'));
    expect(azure.upstream.received[0]).toMatchObject({
      path: '/contentsafety/image:analyze?api-version=2024-09-01',
      headers: { 'ocp-apim-subscription-key': 'secret-key' },
    });
    expect(openai.checks[0]?.categories).toEqual(['sexual', 'violence_gore', 'self_harm']);
  });
});

describe('what leaves the house', () => {
  it.each(every)('to %s is a smaller copy without a word of the file or of the prompt', async (kind) => {
    const { upstream } = await asked(kind, play(`${kind}.calm.json`));
    const body = upstream.received[0]?.body.toString() ?? '';
    const base64 = /\/9j\/[\w+/=]+/.exec(body)?.[0] ?? '';
    const sent = await sharp(Buffer.from(base64, 'base64')).metadata();
    expect(sent).toMatchObject({ format: 'jpeg', width: 1_024, height: 658 });
    expect([sent.exif, sent.xmp, sent.iptc, sent.icc]).toEqual([undefined, undefined, undefined, undefined]);
    expect(Buffer.from(base64, 'base64').includes(SECRET) || body.includes(SECRET)).toBe(false);
  });

  it('is a tiny picture made as large as a service wants it, and a transparent one on white, as stored and on black', async () => {
    const bytes = await sharp({ create: { width: 3, height: 2, channels: 4, background: { r: 9, g: 99, b: 9, alpha: 0.2 } } })
      .png()
      .toBuffer();
    const { upstream } = await asked('http', play('http.calm.json'), {}, [bytes]);
    const images = upstream.received.map(({ body }) => z.object({ image: z.string() }).parse(JSON.parse(body.toString())).image);
    const colors = await Promise.all(images.map((image) => sharp(Buffer.from(image, 'base64')).stats()));
    const reds = colors.map(({ channels: [red] }) => Math.round(red?.mean ?? -1)).toSorted((a, b) => a - b);
    expect(reds).toEqual([2, 9, 206]);
    expect(await sharp(Buffer.from(images[0] ?? '', 'base64')).metadata()).toMatchObject({ width: 64, height: 64 });
  });

  it('is nothing at all of a file that nobody can open', async () => {
    const { upstream, first } = await asked('http', play('http.calm.json'), {}, [Buffer.from('no picture')]);
    expect([upstream.received.length, first]).toEqual([0, 'one: abstained']);
  });
});

describe('an answer that is no answer is a failed finding, never "nothing found"', () => {
  it.each<[Kind, string]>([
    ...['missing-label', 'not-looked', 'no-input-types', 'out-of-range', 'nan'].map((one): [Kind, string] => ['openai-moderation', one]),
    ...['missing-category', 'out-of-range', 'twice', 'nan'].map((one): [Kind, string] => ['azure-content-safety', one]),
    ...['missing-category', 'other-contract', 'percent-text', 'list', 'out-of-range', 'nan', 'truncated'].map((one): [Kind, string] => [
      'http',
      one,
    ]),
    ...['prose', 'fenced', 'refusal', 'cut', 'filtered', 'missing-category', 'out-of-range', 'words', 'nan', 'no-choices'].map(
      (one): [Kind, string] => ['vision-judge', one],
    ),
  ])('%s, %s', async (kind, name) => {
    expect((await asked(kind, play(`${kind}.${name}.json`))).first).toBe('one: failed threw NotJudged UNUSABLE_ANSWER');
  });

  it.each(every)('%s shows a page, refuses, is too busy, or breaks', async (kind) => {
    const calm = `${kind}.calm.json`;
    expect((await asked(kind, play('sign-in.html'))).first).toMatch(/UNUSABLE_ANSWER/);
    expect((await asked(kind, play(calm, 401))).first).toMatch(/REJECTED/);
    expect((await asked(kind, play(calm, 429))).first).toMatch(/RATE_LIMITED/);
    expect((await asked(kind, play(calm, 503))).first).toMatch(/UNREACHABLE/);
    expect((await asked(kind, (response) => response.socket?.destroy())).first).toMatch(/UNREACHABLE/);
  });

  it('hangs, and is given up at its deadline', async () => {
    expect((await asked('http', () => undefined, { deadlineMs: 100 })).first).toMatch(/TIMED_OUT/);
  });

  it('sends a sound beginning and then nothing more', async () => {
    const dribble: Answer = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"contract":');
    expect((await asked('http', dribble, { deadlineMs: 150 })).first).toMatch(/TIMED_OUT/);
  });
});

describe('a service that fails', () => {
  const fresh = () => Uint8Array.from(photograph);

  it('is left alone after some failures in a row', async () => {
    const { upstream, said } = await asked('http', play('http.calm.json', 500), { failuresToOpen: 2 }, [fresh(), fresh(), fresh()]);
    expect(said.map(([one]) => one?.split(' ').at(-1))).toEqual(['UNREACHABLE', 'UNREACHABLE', 'CIRCUIT_OPEN']);
    expect(upstream.received).toHaveLength(2);
  });

  it('is not asked more often than its budget allows', async () => {
    const { said } = await asked('http', play('http.calm.json'), { callsPerMinute: 1 }, [fresh(), fresh()]);
    expect(said.map(([one]) => one?.split(' ').at(-1))).toEqual(['', 'BUDGET_SPENT']);
  });

  it('fails two checks where some categories hold and others block, and is asked once for both', async () => {
    const whenFailed = { violence_gore: 'block' };
    const good = await asked('http', play('http.found.json'), { whenFailed });
    expect(good.said).toEqual([['one: hate 0.02 one:hate', 'one-strict: violence_gore 0.83 one:violence_gore']]);
    expect(good.upstream.received).toHaveLength(1);
    const bad = await asked('http', play('http.calm.json', 500), { whenFailed });
    expect(bad.said[0]?.map((one) => one.split(' ').at(-1))).toEqual(['UNREACHABLE', 'UNREACHABLE']);
  });
});
