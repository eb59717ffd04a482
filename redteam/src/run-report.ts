import type { Result } from './campaign.ts';
import { isFailure } from './graders/grade.ts';
import { type KnownFailure, knownAs, outdated } from './graders/known-failures.ts';
import type { SurfaceRow } from './graders/surfaces.ts';

/** What a run was asked to do. */
export interface RunFacts {
  readonly startedAt: Date;
  readonly tookMs: number;
  readonly baseUrl: string;
  readonly chance: number;
  /** Attacks that there are; fewer were made when `--limit` said so. */
  readonly available: number;
}

/** A failure with the entry that accepts it, if there is one. */
export interface Failure {
  readonly result: Result;
  readonly known: KnownFailure | undefined;
}

/** Everything that a report says. */
export interface RunReport {
  readonly facts: RunFacts;
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
  readonly errors: readonly Result[];
  /** Null: no key of an operator was given, so surfaces were not compared. */
  readonly surfaces: readonly SurfaceRow[] | null;
  readonly outdated: readonly KnownFailure[];
  /** 0: nothing new got through. 1: something did. 2: too much could not be told. */
  readonly exitCode: 0 | 1 | 2;
}

/** More errors than this share, and a quiet run is no good news. */
const MAX_ERROR_SHARE = 0.05;

/** Draws the conclusion of a run. */
export function conclude(
  facts: RunFacts,
  results: readonly Result[],
  surfaces: readonly SurfaceRow[] | null,
  known: readonly KnownFailure[],
): RunReport {
  const failures = results.filter(({ verdict }) => isFailure(verdict)).map((result) => ({ result, known: knownAs(result, known) }));
  const errors = results.filter(({ verdict }) => verdict === 'error');
  const isNew = failures.some((failure) => failure.known === undefined) || (surfaces ?? []).some(({ outcome }) => outcome === 'differs');
  const untold = errors.length + (surfaces ?? []).filter(({ outcome }) => outcome === 'error').length;
  const isBlind = results.length === 0 || untold > MAX_ERROR_SHARE * (results.length + (surfaces?.length ?? 0));
  return { facts, results, failures, errors, surfaces, outdated: outdated(results, known), exitCode: isNew ? 1 : isBlind ? 2 : 0 };
}
