import sharp from 'sharp';
import { ATTACKS, type Attack } from './attacks.ts';
import { rasterOf, sharpOf } from './pixels.ts';
import { measureRobustness, type Photo, type Robustness } from './robustness.ts';
import { syntheticPictures } from './synthetic-pictures.ts';

const pick = (...names: readonly string[]): Readonly<Record<string, Attack>> =>
  Object.fromEntries(Object.entries(ATTACKS).filter(([name]) => names.includes(name)));

/** What a class of expected robustness promises, tried attack by attack. */
const GROUPS = {
  mild: pick('none', 'jpeg 90', 'crop 75 %, random', 'brightness 1.2', 'flip', 'resize 1.5'),
  moderate: pick('jpeg 70', 'jpeg 50', 'resize 0.75', 'crop 50 %, random', 'rotate 5', 'noise 5'),
  hard: pick('jpeg 20', 'webp 50', 'resize 0.5, jpeg 70', 'crop 25 %, random', 'noise 10', 'rotate 45, canvas'),
} as const;
const LEVELS = ['strong', 'fair', 'weak'] as const;

/** Synthetic pictures at two sizes, and photographs shrunk to 256 pixels. */
async function hardPictures(photos: readonly Photo[]): Promise<Photo[]> {
  const sizes = [256, 640];
  const synthetic = await Promise.all(sizes.map(async (side) => named(await syntheticPictures(side, side), `${side} px`)));
  const shrunk = await Promise.all(
    [256].map(async (side) => named(await Promise.all(photos.map((photo) => shrink(photo, side))), `${side} px`)),
  );
  return [...synthetic.flat(), ...shrunk.flat()];
}

const named = (pictures: readonly Photo[], note: string): Photo[] =>
  pictures.map(({ name, raster }) => ({ name: `${name}, ${note}`, raster }));

async function shrink({ name, raster }: Photo, side: number): Promise<Photo> {
  return { name, raster: await rasterOf(sharpOf(raster).resize(side, side, { fit: 'outside' })) };
}

/** How much of each group of attacks the marks of each expected class survived, and the same for each synthetic picture. */
export async function measureExpectation(photos: readonly Photo[]) {
  const pictures = await hardPictures(photos);
  const groups = await Promise.all(
    Object.entries(GROUPS).map(async ([group, attacks]) => ({ group, run: await measureRobustness(pictures, { keys: [4], attacks }) })),
  );
  const attacksIn = (group: string) => Object.keys(Object.entries(GROUPS).find(([name]) => name === group)?.[1] ?? {}).length;
  const [mild] = groups;
  // What the command line and the gateway do: a mark that cannot be read from the untouched picture is no mark.
  const noRoom = new Set(mild?.run.lost.filter(({ attack }) => attack === 'none').map(({ photo }) => photo));
  const markings = mild?.run.markings.filter(({ photo }) => !noRoom.has(photo)) ?? [];
  const exactOf = (names: ReadonlySet<string>) =>
    Object.fromEntries(groups.map(({ group, run: { lost } }) => [group, 1 - lostOf(lost, names) / (names.size * attacksIn(group))]));
  return {
    classes: LEVELS.map((robustness) => {
      const members = markings.filter((marking) => marking.robustness === robustness);
      return { robustness, marks: members.length, ...(members.length === 0 ? {} : exactOf(new Set(members.map(({ photo }) => photo)))) };
    }),
    pictures: markings.map(({ photo, robustness, marginDb }) => ({
      picture: photo,
      expected: robustness,
      marginDb,
      ...exactOf(new Set([photo])),
    })),
    notMarkable: [...(mild?.run.notMarkable ?? []), ...[...noRoom].map((photo) => ({ photo, reason: 'no_room' }))],
  };
}

const lostOf = (lost: Robustness['lost'], names: ReadonlySet<string>) => lost.filter(({ photo }) => names.has(photo)).length;

sharp.concurrency(1);
