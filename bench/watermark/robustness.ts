import type { MarkKey } from '../../src/watermark/mark-key.ts';
import type { Raster } from '../../src/watermark/raster.ts';
import { detect, embed } from '../../src/watermark/watermark.ts';
import { bytesFrom, seededRandom, seedOf } from '../random.ts';
import { ATTACKS, type Attack } from './attacks.ts';
import { type Quality, qualityOf } from './quality.ts';

export interface Photo {
  readonly name: string;
  readonly raster: Raster;
}

export interface Tally {
  trials: number;
  exact: number;
  wrong: number;
  /** Of the exact ones. */
  leastSyncZ: number;
}

export interface Marking extends Quality {
  readonly photo: string;
  readonly pixels: number;
  readonly key: number;
  readonly strength: number;
  readonly marginDb: number;
  readonly robustness: string;
}

export interface Robustness {
  readonly tallies: Record<string, Tally>;
  readonly markings: Marking[];
  readonly lost: { readonly photo: string; readonly key: number; readonly attack: string; readonly syncZ: number }[];
  readonly notMarkable: { readonly photo: string; readonly reason: string }[];
}

export const keyOf = (number: number): MarkKey => ({ epoch: number, secret: bytesFrom(seededRandom(seedOf(`key ${number}`)), 16) });

/** Every photo under every key through every attack. `onTrial` is told of each. */
export async function measureRobustness(
  photos: readonly Photo[],
  {
    keys,
    attacks = ATTACKS,
    onTrial = () => {},
  }: { keys: readonly number[]; attacks?: Readonly<Record<string, Attack>>; onTrial?: (lost: number) => void },
): Promise<Robustness> {
  const result: Robustness = { tallies: {}, markings: [], lost: [], notMarkable: [] };
  for (const { name, raster } of photos) {
    for (const number of keys) {
      const key = keyOf(number);
      const payload = Buffer.from(bytesFrom(seededRandom(seedOf(`${name} ${number}`)), 8)).toString('hex');
      const embedding = embed(raster, payload, key);
      if (embedding.kind === 'not_markable') {
        result.notMarkable.push({ photo: name, reason: embedding.reason });
        continue;
      }
      const { strength, marginDb, robustness } = embedding;
      const pixels = raster.width * raster.height;
      result.markings.push({ photo: name, pixels, key: number, strength, marginDb, robustness, ...qualityOf(raster, embedding.raster) });
      for (const [attackName, attack] of Object.entries(attacks)) {
        const attacked = await attack(embedding.raster, seedOf(`${name} ${number} ${attackName}`));
        const found = detect(attacked, [key], { effort: attackName.startsWith('inside') ? 'thorough' : 'standard' });
        const tally = result.tallies[attackName] ?? { trials: 0, exact: 0, wrong: 0, leastSyncZ: Number.POSITIVE_INFINITY };
        result.tallies[attackName] = tally;
        tally.trials++;
        if (found.kind === 'found' && found.payload === payload) {
          tally.exact++;
          tally.leastSyncZ = Math.min(tally.leastSyncZ, found.syncZ);
        } else {
          if (found.kind === 'found') tally.wrong++;
          result.lost.push({ photo: name, key: number, attack: attackName, syncZ: found.kind === 'unreadable' ? 0 : found.syncZ });
        }
        onTrial(result.lost.length);
      }
    }
  }
  return result;
}
