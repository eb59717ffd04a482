import { readFileSync } from 'node:fs';
import { NETWORKS_DIR } from '../networks/network-files.ts';
import { ALPHABET } from './text-networks.ts';

let known: readonly string[] | undefined;

/** What the classes of the second network mean: nothing, 6,623 characters (Chinese, Latin, digits, signs), and the space. */
export function characters(): readonly string[] {
  known ??= ['', ...readFileSync(new URL(ALPHABET, NETWORKS_DIR), 'utf8').split('\n'), ' '];
  return known;
}
