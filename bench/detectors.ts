/**
 * How well the detectors see: `npx tsx bench/run.ts detectors --photos DIR`, where DIR holds portraits with ids and dates (`portraits.json`) and
 * scenes. The portraits are public-domain pictures of members of parliament and not in this repository. Everything is drawn and
 * compared in memory; nothing is kept but numbers.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../src/detectors/containers/container-report.ts';
import { editInputOf } from '../src/detectors/edit-anomaly/edit-comparer.ts';
import { FLAGGED_FROM } from '../src/detectors/edit-anomaly/edit-comparison.ts';
import { run as compareEdit } from '../src/detectors/edit-anomaly/edit-job.ts';
import { skinToneOf } from '../src/detectors/edit-anomaly/skin-tone.ts';
import { apparentAgeOf } from '../src/detectors/faces/apparent-age.ts';
import { findFaces } from '../src/detectors/faces/find-faces.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../src/detectors/faces/same-person.ts';
import { decodeFrames } from '../src/detectors/looking/decode-frames.ts';
import { run as look } from '../src/detectors/looking/look-job.ts';
import { pyramidOf, type Raster } from '../src/detectors/looking/pyramid.ts';
import type { Effort, SeenFace } from '../src/detectors/looking/sight.ts';
import { nudityRisk } from '../src/detectors/nudity/nudity-risk.ts';
import { drawnEdits } from './detectors/edits.ts';
import { measureRegister } from './detectors/register.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const { values } = parseArgs({ options: { photos: { type: 'string', default: '' } } });
const folder = join(values.photos, 'detectors');
if (!existsSync(join(folder, 'portraits.json'))) throw new Error('--photos names no folder with detectors/portraits.json');

const people = z
  .array(
    z.object({
      id: z.string(),
      sex: z.string(),
      born: z.string(),
      photo: z.string(),
      new_file: z.string(),
      old_file: z.string().optional(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(folder, 'portraits.json'), 'utf8')));
const read = (name: string) => readFileSync(join(folder, name));
const limits = DEFAULT_LIMITS;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const share = (count: number, of: number) => (of === 0 ? null : rounded(count / of));
const months = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

async function seen(bytes: Buffer, effort: Effort) {
  const sight = await look({ bytes, limits, effort });
  if (sight.kind !== 'seen') throw new Error('a picture could not be read');
  return sight;
}

interface Person {
  readonly id: string;
  readonly sex: string;
  readonly years: number;
  readonly face: SeenFace;
  readonly earlier: SeenFace | undefined;
  readonly risk: number;
}

const persons: Person[] = [];
let missed = 0;
let severalFaces = 0;
for (const { id, sex, born, photo, new_file, old_file } of people) {
  const sight = await seen(read(new_file), 'standard');
  const [face] = sight.faces;
  const [earlier] = old_file === undefined ? [] : (await seen(read(old_file), 'standard')).faces;
  missed += (face === undefined ? 1 : 0) + (old_file !== undefined && earlier === undefined ? 1 : 0);
  if (sight.faces.length > 1) severalFaces++;
  const risk = nudityRisk(sight.nudity).explicit;
  if (face !== undefined) persons.push({ id, sex, years: (months(photo) - months(born)) / 12, face, earlier, risk });
}
note(`${persons.length} portraits`);

const register = await measureRegister(
  await Promise.all(
    people.map(async ({ new_file, old_file }) => ({
      recent: await seen(read(new_file), 'thorough'),
      earlier: old_file === undefined ? undefined : await seen(read(old_file), 'thorough'),
    })),
  ),
);
note(`${register.lookedUp} looked up in the register`);

const turned: number[] = [];
for (const { new_file, id } of people) {
  const [face] = (await seen(await sharp(read(new_file)).rotate(180).jpeg({ quality: 95 }).toBuffer(), 'thorough')).faces;
  const upright = persons.find((person) => person.id === id)?.face;
  if (face !== undefined && upright !== undefined) turned.push(distanceOf(face.descriptor, upright.descriptor));
}

const sceneNames = readdirSync(join(folder, 'scenes'));
const scenes = [];
for (const name of sceneNames) {
  const { faces, nudity } = await seen(read(join('scenes', name)), 'thorough');
  scenes.push({ name, faces: faces.length, explicit: rounded(nudityRisk(nudity).explicit) });
}

function identity() {
  const genuine = persons.flatMap(({ face, earlier }) => (earlier === undefined ? [] : [distanceOf(face.descriptor, earlier.descriptor)]));
  const pairs = persons.flatMap((a) =>
    persons.flatMap((b) => {
      const both = a.sex === b.sex ? a.sex : 'mixed';
      const recent = a.id < b.id ? [{ both, distance: distanceOf(a.face.descriptor, b.face.descriptor) }] : [];
      const across =
        a.id !== b.id && b.earlier !== undefined ? [{ both, distance: distanceOf(a.face.descriptor, b.earlier.descriptor) }] : [];
      return [...recent, ...across];
    }),
  );
  const ranked = persons.filter(({ earlier, id }) => {
    if (earlier === undefined) return false;
    const nearest = persons.toSorted(
      (a, b) => distanceOf(a.face.descriptor, earlier.descriptor) - distanceOf(b.face.descriptor, earlier.descriptor),
    )[0];
    return nearest?.id === id;
  });
  const strangers = pairs.map(({ distance }) => distance).toSorted((a, b) => a - b);
  // With fewer than 10,000 pairs, no false match at all.
  const limit = strangers[Math.floor(strangers.length / 10_000)] ?? Number.NaN;
  const women = pairs.filter(({ both }) => both === 'F');
  return {
    genuine: genuine.length,
    strangers: strangers.length,
    rank1: ranked.length,
    farthestGenuine: rounded(Math.max(...genuine)),
    nearestStrangers: rounded(strangers[0] ?? Number.NaN),
    missedAt1e4: share(genuine.filter((distance) => distance >= limit).length, genuine.length),
    atThreshold: {
      threshold: SAME_PERSON_BELOW,
      missed: share(genuine.filter((distance) => distance > SAME_PERSON_BELOW).length, genuine.length),
      falseMatches: strangers.filter((distance) => distance <= SAME_PERSON_BELOW).length,
      falseMatchesOfWomen: women.filter(({ distance }) => distance <= SAME_PERSON_BELOW).length,
      pairsOfWomen: women.length,
    },
  };
}

function age() {
  const errors = persons.map(({ face, years }) => apparentAgeOf(face).years - years);
  return {
    n: errors.length,
    meanError: rounded(mean(errors.map(Math.abs))),
    bias: rounded(mean(errors)),
    youngImpressions: persons.filter(({ face }) => apparentAgeOf(face).impression !== 'adult').length,
  };
}

interface Judged {
  readonly name: string;
  readonly isBared: boolean;
  readonly luma: number;
  readonly score: number;
}

const toJpeg = ({ rgb, width, height }: Raster, quality = 85) =>
  sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();

/** As OpenAI's interface has it: transparent where the model may paint. */
const toMask = (mask: Uint8Array, { width, height }: Raster) =>
  sharp(Buffer.from(mask.map((open) => (open === 1 ? 0 : 255))), { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .toBuffer({ resolveWithObject: true })
    .then(({ data }) =>
      sharp({ create: { width, height, channels: 3, background: '#000' } })
        .joinChannel(data, { raw: { width, height, channels: 1 } })
        .png()
        .toBuffer(),
    );

/** The same person in another place of the picture, turned, or cut out nearer. */
async function reposed(bytes: Buffer, { width, height }: Raster): Promise<[string, Buffer][]> {
  const turned = await sharp(bytes)
    .rotate(18, { background: '#888' })
    .resize(width, height, { fit: 'cover' })
    .jpeg({ quality: 85 })
    .toBuffer();
  const [left, top] = [Math.round(width * 0.08), Math.round(height * 0.08)];
  const cut = await sharp(bytes)
    .extract({ left, top, width: width - 2 * left, height: height - top })
    .jpeg({ quality: 85 })
    .toBuffer();
  return [
    ['turned by 18 degrees', turned],
    ['cut at the sides', cut],
  ];
}

async function editsOf(file: string): Promise<Judged[]> {
  const before = read(file);
  const raster = (await decodeFrames(before, limits.maxPixelsAllFrames))?.views[0]?.[0];
  const [face] = raster === undefined ? [] : (await findFaces(pyramidOf(raster), 'standard')).faces;
  if (raster === undefined || face === undefined) return [];
  const luma = skinToneOf(pyramidOf(raster), face.place).middle.y;
  const after: { readonly name: string; readonly isBared: boolean; readonly bytes: Buffer; readonly mask?: Buffer }[] = [
    { name: 'compressed to JPEG 60', isBared: false, bytes: await sharp(before).jpeg({ quality: 60 }).toBuffer() },
    {
      name: 'smaller by a quarter',
      isBared: false,
      bytes: await sharp(before)
        .resize(Math.round(raster.width * 0.75))
        .jpeg()
        .toBuffer(),
    },
    { name: 'darker', isBared: false, bytes: await sharp(before).modulate({ brightness: 0.7 }).jpeg().toBuffer() },
  ];
  for (const { name, isBared, raster: drawn, mask } of drawnEdits(raster, face)) {
    const bytes = await toJpeg(drawn);
    after.push({ name, isBared, bytes, ...(mask === undefined ? {} : { mask: await toMask(mask, drawn) }) });
    if (name === 'flat patch of the face’s color' || name === 'dyed red')
      for (const [how, posed] of await reposed(bytes, raster)) after.push({ name: `${name}, ${how}`, isBared, bytes: posed });
  }
  for (const [how, posed] of await reposed(before, raster)) after.push({ name: how, isBared: false, bytes: posed });
  const judged: Judged[] = [];
  const seenBefore = await seen(before, 'thorough');
  for (const { name, isBared, bytes, mask } of after) {
    const pictures = { before, after: bytes, ...(mask === undefined ? {} : { mask }) };
    const answer = await compareEdit({ ...editInputOf(pictures, [seenBefore, await seen(bytes, 'thorough')]), limits });
    judged.push({ name, isBared, luma, score: answer.kind === 'compared' ? answer.score : Number.NaN });
  }
  return judged;
}

function editResults(judged: readonly Judged[]) {
  const isFlagged = ({ score }: Judged) => score >= FLAGGED_FROM;
  const of = (rows: readonly Judged[]) => ({
    n: rows.length,
    flagged: rows.filter(isFlagged).length,
    share: share(rows.filter(isFlagged).length, rows.length),
  });
  const names = [...new Set(judged.map(({ name }) => name))];
  const bared = judged.filter(({ isBared }) => isBared);
  const lumas = [...new Set(judged.map(({ luma }) => luma))].toSorted((a, b) => a - b);
  const third = (luma: number) => Math.min(2, Math.floor((3 * lumas.indexOf(luma)) / lumas.length));
  const thirds = [0, 1, 2].map((at) => of(bared.filter(({ luma }) => third(luma) === at)));
  const shares = thirds.map((one) => one.share ?? 0);
  return {
    flaggedFrom: FLAGGED_FROM,
    bared: of(bared),
    benign: of(judged.filter(({ isBared }) => !isBared)),
    lowestBared: rounded(Math.min(...bared.map(({ score }) => score))),
    highestBenign: rounded(Math.max(...judged.filter(({ isBared }) => !isBared).map(({ score }) => score))),
    bySkinThird: ['darkest', 'middle', 'lightest'].map((name, at) => ({ name, ...thirds[at] })),
    gapOfThirds: rounded(Math.max(...shares) - Math.min(...shares)),
    byEdit: names.map((name) => ({ name, ...of(judged.filter((one) => one.name === name)) })),
  };
}

const judged: Judged[] = [];
for (const { new_file } of people) judged.push(...(await editsOf(new_file)));
note(`${judged.length} drawn edits`);

await writeResult('detectors', {
  portraits: { n: people.length + people.filter(({ old_file }) => old_file !== undefined).length, missed, severalFaces },
  upsideDown: { n: people.length, found: turned.length, farthest: rounded(Math.max(...turned)) },
  scenes,
  identity: identity(),
  register,
  age: age(),
  nudity: {
    n: persons.length,
    above03: persons.filter(({ risk }) => risk > 0.3).length,
    above05: persons.filter(({ risk }) => risk > 0.5).length,
    highest: rounded(Math.max(...persons.map(({ risk }) => risk))),
  },
  edits: editResults(judged),
});
