import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { drawnPerson } from '../looking/drawn-person.fixture.ts';
import { createPictureLooker } from '../looking/picture-looker.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const looker = createPictureLooker({ pool, deadlineMs: 60_000 });
const PERSON = await drawnPerson();

async function seen(bytes: Uint8Array) {
  const sight = await looker.look(bytes, 'thorough');
  if (sight.kind !== 'seen') throw new Error('the picture could not be read');
  return sight;
}

it('reads each face of a group, and tells where there are more than it looks at', async () => {
  const head = await sharp(PERSON).extract({ left: 94, top: 4, width: 256, height: 256 }).toBuffer();
  const group = async (perSide: number) => {
    const side = Math.floor(1_024 / perSide);
    const input = await sharp(head).resize(side).toBuffer();
    const places = Array.from({ length: perSide ** 2 }, (_, at) => ({
      input,
      left: (at % perSide) * side,
      top: Math.floor(at / perSide) * side,
    }));
    return sharp({ create: { width: 1_024, height: 1_024, channels: 3, background: '#8fa3b0' } })
      .composite(places)
      .png()
      .toBuffer();
  };
  const some = await seen(await group(4));
  expect([some.faces.length, some.isCrowded]).toEqual([16, false]);
  const many = await seen(await group(7));
  expect([many.faces.length, many.isCrowded]).toEqual([32, true]);
});
