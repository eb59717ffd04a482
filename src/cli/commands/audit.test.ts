import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { drawnPerson } from '../../detectors/looking/drawn-person.fixture.ts';
import type { Terminal } from '../command.ts';
import { audit } from './audit.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'audit-'));
  folders.push(root);
});

async function run(args: readonly string[]) {
  const [said, complained]: [string[], string[]] = [[], []];
  const terminal: Terminal = { out: (text) => said.push(text), err: (text) => complained.push(text), isInteractive: false };
  const code = await audit
    .run([...args, '--workers', '1'], { env: { IMPRIMATUR_DATA_DIR: join(root, 'none') }, terminal })
    .catch((error: unknown) => String(error));
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

describe('imprimatur audit', () => {
  it('measures a folder, and leaves numbers alone behind', async () => {
    await writeFile(join(root, 'person.png'), await drawnPerson());
    await writeFile(
      join(root, 'flat.png'),
      await sharp({ create: { width: 320, height: 240, channels: 3, background: '#88aacc' } })
        .png()
        .toBuffer(),
    );
    await writeFile(join(root, 'broken.png'), 'no picture');
    const rows = ['file,person,sex,faces,truth', 'person.png,p-secret,x,,neutral', 'flat.png,,,0,neutral', 'broken.png,,,0,neutral'];
    await writeFile(join(root, 'labels.csv'), rows.join('\n'));
    const { code, said } = await run(['detectors', root, '--out', join(root, 'out'), '--json']);
    expect(code).toBe(0);
    const report: { measures: { id: string; overall: { n: number; value: number } }[] } = JSON.parse(said);
    expect(report).toMatchObject({ pictures: 3, unreadable: 1, lost: 0, skinMeasured: 1 });
    const shares = Object.fromEntries(report.measures.map(({ id, overall: { n, value } }) => [id, [n, value]]));
    expect(shares).toMatchObject({
      'faces.missed': [1, 0],
      'faces.invented': [1, 0],
      'nudity.false_alarm': [2, 0],
      'file-sanity.false_alarm': [2, 0],
    });
    expect((await readdir(join(root, 'out'))).sort()).toEqual(['audit.csv', 'audit.html', 'audit.json']);
    const written = await Promise.all(['csv', 'html', 'json'].map((end) => readFile(join(root, 'out', `audit.${end}`), 'utf8')));
    expect(written.join('')).not.toMatch(/p-secret|person\.png/);
  }, 60_000);

  it('stops at labels that cannot be used, and names their lines', async () => {
    await writeFile(join(root, 'labels.jsonl'), '{"file":"a.png"}\n{"file":"/etc/passwd"}\n');
    const { code, complained } = await run(['detectors', root, '--out', join(root, 'out')]);
    expect(code).toMatch(/UsageError: 1 rows/);
    expect(complained).toMatch(/labels\.jsonl:2: file: must lie in the folder/);
  });

  it('asks a model for nothing before somebody agreed to what it costs', async () => {
    const { code, complained } = await run(['model', '--samples', '48', '--price', '0.04', '--out', join(root, 'out')]);
    expect(code).toMatch(/UsageError: Nobody is here to agree/);
    expect(complained).toMatch(/48 pictures of demo, about 1\.92 in all/);
    expect(await readdir(root)).toEqual([]);
  });
});
