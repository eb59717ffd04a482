import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import { newId } from '../../contracts/ids.ts';
import { faceOf, near } from '../../registries/people/faces.fixture.ts';
import type { KnownPerson } from '../../registries/people/people-index.ts';
import type { Descriptor, PersonEntry } from '../../registries/people/person.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { CheckParts } from '../check-parts.ts';
import { drawnPerson } from '../looking/drawn-person.fixture.ts';
import { createPictureLooker } from '../looking/picture-looker.ts';
import type { SeenFace, Sight } from '../looking/sight.ts';
import { blobs, picture } from '../pictures.fixture.ts';
import { createPersonMatchCheck } from './person-match-check.ts';
import { readRegisterFaces } from './read-register-face.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const looker = createPictureLooker({ pool, deadlineMs: 60_000 });
const PERSON = await drawnPerson();

const entry = (more: Partial<PersonEntry> = {}): PersonEntry => ({
  id: newId('entry'),
  list: 'protected',
  scope: { purposes: ['edit'] },
  hasDocument: false,
  addedBy: 'local',
  addedAt: new Date(),
  expiresAt: null,
  revokedAt: null,
  ...more,
});
const person = (faces: readonly Descriptor[], ...entries: PersonEntry[]): KnownPerson => ({
  id: newId('person'),
  faceCount: faces.length,
  addedBy: 'local',
  addedAt: new Date(),
  entries,
  faces,
});
const face = (descriptor: Descriptor, seenPx = 90): SeenFace => ({
  frame: 0,
  view: 0,
  place: { centerX: 0, centerY: 0, width: seenPx, height: seenPx, angle: 0 },
  facing: { aside: 0, down: 0.5 },
  box: { x: 0, y: 0, width: seenPx, height: seenPx },
  certainty: 1,
  rollDegrees: 0,
  seenPx,
  ages: [40, 40],
  descriptor: [...descriptor],
});
const sightOf = (...faces: SeenFace[]): Sight => ({
  kind: 'seen',
  width: 9,
  height: 9,
  frames: 1,
  nudity: { quick: { explicit: 0, suggestive: 0 }, deep: null },
  faces,
  isCrowded: false,
});

const signal = new AbortController().signal;
const edited: CheckInput = { subject: { kind: 'input_image', index: 0 }, prompt: 'x', surface: 'api', operation: 'edit', image: PERSON };

function checkOver(people: readonly KnownPerson[], look: Pick<CheckParts['looker'], 'look'> = looker) {
  const lists = { version: 1, current: async () => ({ version: 1, people }) };
  return createPersonMatchCheck({ looker: look, people: lists, regionsOf: () => undefined } as unknown as CheckParts, undefined);
}
async function reasons(people: readonly KnownPerson[], faces: readonly SeenFace[], input: Partial<CheckInput> = {}) {
  const answer = await checkOver(people, { look: async () => sightOf(...faces) }).detect({ ...edited, ...input }, signal);
  return answer.kind === 'signals' ? answer.signals.map(({ reason, score }) => `${reason} ${score}`) : answer;
}

describe('a person of the register', () => {
  it.each([0, 90, 180, 270])('is recognized in another copy of the picture, turned by %i degrees', async (degrees) => {
    const listed = person(await readRegisterFaces([PERSON], looker), entry());
    const image = await sharp(PERSON).flop().rotate(degrees).modulate({ brightness: 0.8 }).jpeg({ quality: 60 }).toBuffer();
    expect(await checkOver([listed]).detect({ ...edited, image }, signal)).toEqual({
      kind: 'signals',
      signals: [{ category: 'real_person_likeness', score: 1, reason: `person:protected:${listed.id}` }],
    });
  });

  it('is looked for in what a model made, too, and among the other faces', async () => {
    const listed = person([faceOf(1)], entry({ list: 'no_consent' }));
    const artifact = { subject: { kind: 'artifact' as const, index: 0 }, operation: 'generate' as const };
    expect(await reasons([listed], [face(faceOf(2)), face(near(faceOf(1), 0.47))], artifact)).toEqual([`person:no-consent:${listed.id} 1`]);
  });

  it('who agreed adds nothing that acts by itself; without agreement to this, the strongest there is', async () => {
    const listed = person([faceOf(1)], entry({ list: 'consent' }));
    expect(await reasons([listed], [face(faceOf(1))])).toEqual([`person:consented:${listed.id} 0.001`]);
    expect(await reasons([listed], [face(faceOf(1))], { operation: 'generate' })).toEqual([`person:no-consent:${listed.id} 1`]);
  });

  it('does not stand for somebody who merely may be the one who agreed, or whose face is too small to tell', async () => {
    const listed = person([faceOf(1)], entry({ list: 'consent' }));
    expect(await reasons([listed], [face(near(faceOf(1), 0.46))])).toEqual(['person:unknown 0.001']);
    expect(await reasons([listed], [face(faceOf(1), 39)])).toEqual(['person:unknown 0.001']);
  });

  it('who looks like another one is for a person to tell apart, and no consent counts', async () => {
    const agreed = () => person([faceOf(1)], entry({ list: 'consent' }));
    expect(await reasons([agreed(), agreed()], [face(faceOf(1))])).toEqual(['person:ambiguous 0.6']);
    const not = person([faceOf(1)], entry({ list: 'no_consent' }));
    expect(await reasons([agreed(), not], [face(faceOf(1))])).toEqual([`person:no-consent:${not.id} 1`, 'person:ambiguous 0.6']);
  });

  it('is no more than a stranger once nothing holds', async () => {
    expect(await reasons([person([faceOf(1)], entry({ revokedAt: new Date() }))], [face(faceOf(1))])).toEqual(['person:unknown 0.001']);
  });
});

describe('strangers', () => {
  it('are named in edits alone, for policies that want consent', async () => {
    expect(await reasons([], [face(faceOf(1))])).toEqual(['person:unknown 0.001']);
    expect(await reasons([], [face(faceOf(1))], { operation: 'generate' })).toEqual([]);
    expect(await reasons([], [])).toEqual([]);
  });
});

it('has failed when the register cannot be read, and not when there is no face to look up', async () => {
  const broken = { version: 1, current: () => Promise.reject(new Error('no database')) };
  const parts = (faces: SeenFace[]) =>
    ({ looker: { look: async () => sightOf(...faces) }, people: broken, regionsOf: () => undefined }) as unknown as CheckParts;
  await expect(createPersonMatchCheck(parts([face(faceOf(1))]), undefined).detect(edited, signal)).rejects.toThrow('no database');
  expect(await createPersonMatchCheck(parts([]), undefined).detect(edited, signal)).toEqual({ kind: 'signals', signals: [] });
});

describe('a crowd of which not every face was looked at', () => {
  const listed = person([faceOf(1)], entry());
  const inCrowd = (people: readonly KnownPerson[], ...faces: SeenFace[]) =>
    checkOver(people, { look: async () => ({ ...sightOf(...faces), isCrowded: true }) as Sight }).detect(edited, signal);

  it('is not passed while anybody is listed, also where no face was found at all', async () => {
    for (const faces of [[], [face(faceOf(2))]])
      expect(await inCrowd([listed], ...faces)).toEqual({ kind: 'abstained', reason: 'too_many_faces' });
  });

  it('says whom it knows, and of an empty register nothing', async () => {
    expect(await inCrowd([listed], face(faceOf(1)))).toMatchObject({ signals: [{ reason: `person:protected:${listed.id}` }] });
    expect(await inCrowd([], face(faceOf(1)))).toMatchObject({ kind: 'signals' });
  });
});

describe('a picture for the register', () => {
  const sharpTwo = async () =>
    sharp({ create: { width: 1_024, height: 512, channels: 3, background: '#8fa3b0' } })
      .composite([
        { input: PERSON, left: 0, top: 0 },
        { input: await sharp(PERSON).flop().toBuffer(), left: 512, top: 0 },
      ])
      .png()
      .toBuffer();
  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['with no face', () => picture(blobs(300, 200), 300, 200).png().toBuffer(), 'Picture 2 has no face'],
    ['with two faces', sharpTwo, 'Picture 2 has more than one face'],
    ['with a small face', () => sharp(PERSON).resize(150).png().toBuffer(), 'fewer than 40 pixels'],
    ['that is none', async () => Buffer.from('no picture'), 'Picture 2 is not a picture'],
  ])('%s is refused, and named', async (_, make, sentence) => {
    const wish = readRegisterFaces([PERSON, await make()], looker);
    await expect(wish).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      param: 'pictures[1]',
      publicMessage: expect.stringContaining(sentence),
    });
  });

  it('may be transparent beside the face: then it is looked at twice, and shows one person all the same', async () => {
    const cut = await sharp(PERSON)
      .ensureAlpha()
      .extend({ right: 100, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer();
    expect(await readRegisterFaces([cut], looker)).toHaveLength(1);
  });
});
