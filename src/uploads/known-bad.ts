import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Check } from '../contracts/check.ts';
import type { Finding } from '../contracts/finding.ts';
import { runChecks } from '../detectors/run-checks.ts';

/** What the lists of known-bad pictures say of a file. `unknown`: nobody could tell. `not-checked`: nobody looked, because the policy relies on no check that does. */
export type KnownBad = 'listed' | 'not-listed' | 'unknown' | 'not-checked';

/** From here on no policy may let a generation pass either; see `src/policy/floors.ts`. */
const LISTED_SCORE = 0.9;

/** The answer of the lists, and what they say that a listed file is. */
export interface ListedAs {
  readonly knownBad: KnownBad;
  readonly categories: readonly Category[];
}

interface Looked {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly surface: string;
}

/**
 * Asks those of the policy's checks that compare pictures with lists, exact and perceptual. Nothing is kept of the file. Never rejects.
 * @param checks all that the policy relies on
 */
export async function lookUpKnownBad({ bytes, sha256, surface }: Looked, checks: readonly Check[]): Promise<ListedAs> {
  const lookers = checks.filter(({ categories, looksAt }) => categories.includes('known_bad') && looksAt.includes('input_image'));
  if (lookers.length === 0) return { knownBad: 'not-checked', categories: [] };
  const findings = await runChecks({
    checks: lookers,
    inputs: [{ subject: { kind: 'input_image', index: 0 }, prompt: '', image: bytes, sha256, surface }],
    deadlineMsOf: ({ deadlineMs }) => deadlineMs,
  });
  const said = new Set(findings.flatMap(listedCategories));
  if (said.has('known_bad')) return { knownBad: 'listed', categories: CATEGORIES.filter((one) => said.has(one)) };
  return { knownBad: findings.every(({ kind }) => kind === 'signals') ? 'not-listed' : 'unknown', categories: [] };
}

function listedCategories(finding: Finding): readonly Category[] {
  if (finding.kind !== 'signals') return [];
  return finding.signals.flatMap(({ category, score }) => (score >= LISTED_SCORE ? [category] : []));
}
