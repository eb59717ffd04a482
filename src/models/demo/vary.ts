import { chance, hashText } from './painting/random.ts';
import { scaled } from './picture-size.ts';
import { asSharp, type Raster, toRaster } from './raster.ts';

/** The same picture seen anew: closer, from the other side perhaps, in neighboring colors. `key` decides how. */
export async function vary(raster: Raster, key: string): Promise<Raster> {
  const { width, height } = raster;
  const dice = chance(hashText(key));
  const cut = scaled(raster, 1 / dice.between(1.03, 1.1));
  const left = Math.floor(dice.between(0, width - cut.width + 1));
  const top = Math.floor(dice.between(0, height - cut.height + 1));
  const turn = dice.pick([-1, 1]) * dice.between(10, 32);
  const color = { hue: Math.round(turn), saturation: dice.between(0.9, 1.25), brightness: dice.between(0.96, 1.06) };
  const seen = asSharp(raster)
    .extract({ left, top, ...cut })
    .resize(width, height, { fit: 'fill' })
    .modulate(color);
  return toRaster(dice.between() < 0.5 ? seen.flop() : seen);
}
