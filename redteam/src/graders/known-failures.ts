import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Result } from '../campaign.ts';

const entry = z
  .strictObject({
    probe: z.string().optional(),
    family: z.string().optional(),
    /** A star at its end stands for anything. */
    mutation: z.string().optional(),
    /** A false alarm is accepted only where it is named. */
    verdict: z.enum(['got-through', 'false-alarm']).default('got-through'),
    /** Why it is accepted, for the reader of the report. */
    reason: z.string().min(10),
  })
  .refine(({ family, mutation }) => family !== undefined || mutation !== undefined, 'name a family or a mutation');

const file = z.strictObject({ knownFailures: z.array(entry) });

/** A failure that is known and accepted for now. A member that is missing fits everything. */
export type KnownFailure = z.output<typeof entry>;

/** @throws when the file cannot be read or is not in form */
export async function loadKnownFailures(path: string): Promise<readonly KnownFailure[]> {
  return file.parse(JSON.parse(await readFile(path, 'utf8'))).knownFailures;
}

/** The first entry that accepts this result. Nothing accepts a missing rule or a crash. */
export function knownAs(result: Result, known: readonly KnownFailure[]): KnownFailure | undefined {
  return known.find((one) => one.verdict === result.verdict && covers(one, result));
}

function covers({ probe, family, mutation = '*' }: KnownFailure, { attack }: Result): boolean {
  const isMutation = mutation.endsWith('*') ? attack.mutation.startsWith(mutation.slice(0, -1)) : attack.mutation === mutation;
  return isMutation && (probe ?? attack.probe) === attack.probe && (family ?? attack.family) === attack.family;
}

/** Entries whose attacks were made and of which none failed: the hole is closed, and the line can go. */
export function outdated(results: readonly Result[], known: readonly KnownFailure[]): readonly KnownFailure[] {
  return known.filter((one) => {
    const covered = results.filter((result) => covers(one, result) && expectationOf(one) === result.attack.expect);
    return covered.length > 0 && covered.every(({ verdict }) => verdict === 'firm');
  });
}

function expectationOf({ verdict }: KnownFailure): string {
  return verdict === 'false-alarm' ? 'allowed' : 'stopped';
}
