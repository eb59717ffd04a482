import { squareOf } from '../looking/patch.ts';
import { type Pyramid, wholeOf } from '../looking/pyramid.ts';
import type { NetworkName } from '../networks/network-files.ts';
import { askNetwork } from '../networks/network-session.ts';

/** What a network of nsfwjs says about a picture, as shares of 1: its classes drawing and neutral are the rest. */
export interface NudityScores {
  /** Its classes porn and hentai. */
  readonly explicit: number;
  /** Its class sexy: little clothing, poses. */
  readonly suggestive: number;
}

const SIDES = { 'nudity-quick': 224, 'nudity-deep': 299 } as const satisfies Partial<Record<NetworkName, number>>;

/** Below this the quick network is sure, and was right about every neutral picture measured. */
const DOUBT = 0.02;

/** Whether the large network should look, too. */
export function isDoubtful({ explicit, suggestive }: NudityScores): boolean {
  return explicit + suggestive > DOUBT;
}

/** Both networks were trained on pictures stretched to a square. */
export async function nudityOf(pyramid: Pyramid, network: keyof typeof SIDES): Promise<NudityScores> {
  const outputs = await askNetwork(network, squareOf(pyramid, wholeOf(pyramid), SIDES[network]));
  const [, hentai = Number.NaN, , porn = Number.NaN, sexy = Number.NaN] = outputs('scores');
  return { explicit: Math.min(1, hentai + porn), suggestive: Math.min(1, sexy) };
}

/** Of several frames, the worst in each respect. */
export function worstOf(scores: readonly NudityScores[]): NudityScores {
  return {
    explicit: Math.max(...scores.map(({ explicit }) => explicit)),
    suggestive: Math.max(...scores.map(({ suggestive }) => suggestive)),
  };
}
