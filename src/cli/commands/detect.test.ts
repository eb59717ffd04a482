import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPerson } from '../../detectors/looking/drawn-person.fixture.ts';
import type { Command } from '../command.ts';
import { detect } from './detect.ts';
import { editAnomaly } from './edit-anomaly.ts';
import { faces } from './faces.ts';

let folder = '';
const file = (name: string) => join(folder, name);
const person = () => file('person.png');

async function run(command: Command, ...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = { out: (text: string) => out.push(text), err: (text: string) => err.push(text), isInteractive: false };
  const code = await command.run([...args, '--json'], { env: {}, terminal });
  return { code, rows: out.map((line) => JSON.parse(line) as Record<string, unknown>), err: err.join('\n') };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detect-'));
  const drawn = await drawnPerson();
  await writeFile(person(), drawn);
  await sharp(drawn).flop().resize(400).png().toFile(file('mirrored.png'));
  await sharp({ create: { width: 1024, height: 512, channels: 3, background: '#222' } })
    .composite([
      { input: drawn, left: 0, top: 0 },
      { input: drawn, left: 512, top: 0 },
    ])
    .png()
    .toFile(file('two.png'));
  await sharp(drawn)
    .ensureAlpha()
    .extend({ right: 40, background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toFile(file('transparent.png'));
  await sharp({ create: { width: 320, height: 200, channels: 3, background: '#357' } })
    .png()
    .toFile(file('plain.png'));
  await writeFile(file('broken.jpg'), 'no picture');
});
afterAll(() => rm(folder, { recursive: true }));

describe('imprimatur detect', () => {
  it('writes a line for each file, in order: faces, risks, the perceptual hash, and what nobody looked for', async () => {
    const { code, rows } = await run(detect, person(), file('plain.png'));
    expect(code).toBe(0);
    expect(rows).toMatchObject([
      {
        file: person(),
        width: 512,
        faces: [{ box: { x: expect.any(Number), width: expect.any(Number) }, apparent_age: expect.any(Number) }],
        signals: { sexual: expect.any(Number), sexual_minors: expect.any(Number) },
        pdq: expect.stringMatching(/^[0-9a-f]{64}$/),
        not_covered: expect.arrayContaining(['violence_gore', 'hate']),
      },
      { file: file('plain.png'), faces: [] },
    ]);
    expect(JSON.stringify(rows)).not.toContain('descriptor');
  });

  it('tells a face of a transparent picture once, though it is looked at in several views', async () => {
    const { rows } = await run(detect, file('transparent.png'));
    expect(rows[0]?.['faces']).toHaveLength(1);
  });

  it('tells a person each face on a line of its own', async () => {
    const out: string[] = [];
    const terminal = { out: (text: string) => out.push(text), err: () => {}, isInteractive: false };
    await detect.run([person()], { env: {}, terminal });
    expect(out).toHaveLength(2);
    expect(out[1]).toMatch(/^ {2}face at \d+,\d+ \(\d+ × \d+\), looks \d+ years old$/);
  });

  it('answers for the others when one cannot be read; exit 2', async () => {
    const { code, rows, err } = await run(detect, file('broken.jpg'), file('missing.png'), file('plain.png'));
    expect(code).toBe(2);
    expect(rows.map((row) => [row['file'], 'error' in row])).toEqual([
      [file('broken.jpg'), true],
      [file('missing.png'), true],
      [file('plain.png'), false],
    ]);
    expect(err).toContain('unknown_format');
    expect(err).toContain('ENOENT');
  });
});

describe('imprimatur faces compare', () => {
  it('tells one person from their mirror image in another size', async () => {
    const { code, rows } = await run(faces, 'compare', person(), file('mirrored.png'));
    expect(code).toBe(0);
    expect(rows).toEqual([{ distance: expect.any(Number), match: true, threshold: 0.48 }]);
  });

  it('sees one face in a picture that is transparent beside it', async () => {
    expect(await run(faces, 'compare', person(), file('transparent.png'))).toMatchObject({ code: 0, rows: [{ match: true }] });
  });

  it('says which picture has no face, and which has two; exit 2', async () => {
    const { code, rows } = await run(faces, 'compare', file('plain.png'), file('two.png'));
    expect(code).toBe(2);
    expect(rows).toEqual([
      {
        distance: null,
        match: null,
        problems: [
          { file: file('plain.png'), error: 'no_face' },
          { file: file('two.png'), error: 'several_faces' },
        ],
      },
    ]);
  });

  it('says which file is not there', async () => {
    expect(await run(faces, 'compare', person(), file('missing.png'))).toMatchObject({
      code: 2,
      rows: [{ problems: [{ error: 'file_unreadable' }] }],
    });
  });
});

describe('imprimatur edit-anomaly', () => {
  it('gives a picture that is the same no score', async () => {
    const { code, rows } = await run(editAnomaly, person(), person());
    expect(code).toBe(0);
    expect(rows).toMatchObject([{ score: 0, flagged: false, same_persons: 1 }]);
  });

  it('names the picture that it cannot read; exit 2', async () => {
    const { code, rows } = await run(editAnomaly, person(), file('broken.jpg'));
    expect(code).toBe(2);
    expect(rows).toEqual([{ score: null, flagged: null, problems: [{ file: file('broken.jpg'), error: 'unreadable' }] }]);
  });
});
