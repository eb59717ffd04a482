import { isId } from '../../contracts/ids.ts';
import type { StoredDecision } from '../../generations/stored-decisions.ts';
import type { PeopleRegistry } from '../../registries/people/people-registry.ts';
import type { ListedPerson } from '../../registries/people/person.ts';

/** Somebody whom a check recognized, and what they agreed to. Neither name nor face. */
export interface PersonInPicture {
  readonly face: null;
  readonly person: string | null;
  readonly list: string;
  readonly consent: { readonly covers: readonly string[]; readonly expires_at: string | null } | null;
  readonly distance: null;
}

const REASON = /^person:(protected|no-consent|consented|ambiguous|unknown)(?::(person_\w+))?$/;

/** Once for each person and list; the register is asked what it says of them now. */
export async function peopleIn(
  decisions: readonly StoredDecision[],
  people: Pick<PeopleRegistry, 'list'>,
): Promise<readonly PersonInPicture[]> {
  const findings = decisions.flatMap(({ body }) => body.findings);
  const reasons = new Set(findings.flatMap((finding) => (finding.kind === 'signals' ? finding.signals.map(({ reason }) => reason) : [])));
  const recognized = [...reasons].flatMap((reason) => {
    const [, list, person = null] = REASON.exec(reason) ?? [];
    return list === undefined ? [] : [{ list: list.replace('-', '_'), person }];
  });
  if (recognized.length === 0) return [];
  const listed = new Map((await people.list()).map((one) => [one.id, one]));
  return recognized.map(({ list, person }) => {
    const known = person !== null && isId('person', person) ? listed.get(person) : undefined;
    return { face: null, person, list, consent: known === undefined ? null : consentOf(known), distance: null };
  });
}

function consentOf({ entries }: ListedPerson): PersonInPicture['consent'] {
  const entry = entries.find(({ list, revokedAt }) => list === 'consent' && revokedAt === null);
  return entry === undefined ? null : { covers: entry.scope.purposes, expires_at: entry.expiresAt?.toISOString() ?? null };
}
