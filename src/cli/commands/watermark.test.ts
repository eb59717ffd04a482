import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKeyFile } from '../../watermark/mark-key.ts';
import { texturedPicture } from '../../watermark/pictures.fixture.ts';
import { watermark } from './watermark.ts';

const PAYLOAD = 'a1b2c3d4e5f60718';
let folder = '';
const file = (name: string) => join(folder, name);

async function run(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), isInteractive: false };
  const code = await watermark.run([...args, '--key', file('keys')], { env: {}, terminal });
  return { code, rows: out.map((line) => JSON.parse(line) as Record<string, unknown>), err };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watermark-'));
  await writeFile(file('keys'), formatKeyFile([{ epoch: 3, secret: new Uint8Array(16).fill(9) }]), { mode: 0o600 });
  const { data, width, height } = texturedPicture(448, 384);
  const open = () => sharp(data, { raw: { width, height, channels: 3 } });
  await open().png().toFile(file('plain.png'));
  await open().toColourspace('cmyk').jpeg({ quality: 95 }).toFile(file('cmyk.jpg'));
  await open().toColourspace('rgb16').png().toFile(file('deep.png'));
  await open().png({ palette: true }).toFile(file('palette.png'));
  await open().gif().toFile(file('still.gif'));
  await open().tiff().toFile(file('plain.tiff'));
  await open().jpeg().withMetadata({ orientation: 6 }).toFile(file('turned.jpg'));
  const frames = sharp(Buffer.alloc(64 * 128 * 3, 90).fill(160, 64 * 64 * 3), {
    raw: { width: 64, height: 128, channels: 3, pageHeight: 64 },
  });
  await frames.gif().toFile(file('moving.gif'));
  await sharp({ create: { width: 1, height: 1, channels: 3, background: '#777' } })
    .png()
    .toFile(file('dot.png'));
  await writeFile(file('broken.png'), Buffer.from('not a picture'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('imprimatur watermark', () => {
  it('makes no key where --key was mistyped', async () => {
    const terminal = { out: () => undefined, err: () => undefined, isInteractive: false };
    const mistyped = ['detect', file('plain.png'), '--key', file('kyes')];
    await expect(watermark.run(mistyped, { env: {}, terminal })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(stat(file('kyes'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('obeys no escape sequence in the name of a file', async () => {
    const lines: string[] = [];
    const terminal = { out: (text: string) => lines.push(text), err: () => undefined, isInteractive: false };
    await watermark.run(['detect', file('\u001b[2Jgone.png'), '--key', file('keys')], { env: {}, terminal });
    expect(lines.join('')).toContain('gone.png');
    expect(lines.join('')).not.toContain('\u001b');
  });

  it.each([
    ['plain.png', 'out.png'],
    ['plain.png', 'out.jpg'],
    ['plain.png', 'out.webp'],
    ['plain.png', 'out.avif'],
    ['plain.tiff', 'out.tiff'],
    ['cmyk.jpg', 'cmyk-out.jpg'],
    ['deep.png', 'deep-out.png'],
    ['palette.png', 'palette-out.png'],
    ['still.gif', 'gif-out.png'],
    ['turned.jpg', 'turned-out.jpg'],
  ])('marks %s as %s, and finds the mark again', async (input, output) => {
    expect(await run('embed', file(input), file(output), '--payload', PAYLOAD, '--json')).toMatchObject({
      code: 0,
      rows: [{ marked: true, payload: PAYLOAD }],
    });
    const { code, rows } = await run('detect', file(output), '--json');
    expect({ code, rows }).toMatchObject({
      code: 0,
      rows: [{ found: true, payload: PAYLOAD, keyEpoch: 3, transform: { mirrored: false } }],
    });
    expect(rows[0]?.['confidence']).toBeGreaterThan(0.999999999);
  });

  it('answers for each file on a line of its own, and with 1 when one has no mark', async () => {
    const { code, rows } = await run('detect', file('out.png'), file('plain.png'), file('dot.png'), '--json');
    expect(code).toBe(1);
    expect(rows).toMatchObject([{ found: true }, { found: false, payload: null }, { found: false, reason: 'too_small' }]);
  });

  it('answers with 2, and still for the others, when a file is none or cannot be read', async () => {
    const { code, rows } = await run('detect', file('broken.png'), file('nowhere.png'), file('moving.gif'), '--json');
    expect(code).toBe(2);
    expect(rows).toMatchObject([{ found: false, error: expect.any(String) }, { error: 'file_unreadable' }, { found: false }]);
  });

  it.each([
    ['dot.png', 'too_small'],
    ['moving.gif', 'animated'],
    ['broken.png', expect.any(String)],
  ])('says why it does not mark %s, and writes nothing', async (input, reason) => {
    const { code, rows } = await run('embed', file(input), file('never.png'), '--payload', PAYLOAD, '--json');
    expect({ code, rows }).toMatchObject({ code: 2, rows: [{ marked: false, reason }] });
    await expect(sharp(file('never.png')).metadata()).rejects.toThrow();
  });

  it.each([
    ['embed', 'plain.png', 'out.bmp', '--payload', PAYLOAD],
    ['embed', 'plain.png', 'out.png', '--payload', '12'],
    ['embed', 'plain.png', '--payload', PAYLOAD],
    ['detect'],
    ['erase', 'plain.png'],
  ])('refuses a command line that it does not understand: %s %s %s', async (...args) => {
    await expect(run(...args)).rejects.toThrow(expect.objectContaining({ name: 'UsageError' }));
  });
});
