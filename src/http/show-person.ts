import { z } from 'zod';
import { type ListedPerson, PERSON_LISTS, type PersonEntry, scopeSchema } from '../registries/people/person.ts';
import { timeAnswer } from './lists.ts';

/** Somebody who is listed: neither name nor face. */
export const personAnswer = z
  .object({
    object: z.literal('person'),
    id: z.string(),
    faces: z.number(),
    added_by: z.string(),
    added_at: timeAnswer,
    entries: z.array(
      z.object({
        id: z.string(),
        list: z.enum(PERSON_LISTS),
        scope: scopeSchema.optional().describe('Of a consent.'),
        has_document: z.boolean(),
        added_by: z.string(),
        added_at: timeAnswer,
        expires_at: timeAnswer.nullable(),
        revoked_at: timeAnswer.nullable(),
      }),
    ),
  })
  .meta({ id: 'Person' });

/** The same of one. */
export function showPerson({ id, faceCount, addedBy, addedAt, entries }: ListedPerson) {
  const created = { added_by: addedBy, added_at: addedAt.toISOString() };
  return { object: 'person' as const, id, faces: faceCount, ...created, entries: entries.map(showEntry) };
}

function showEntry({ id, list, scope, hasDocument, addedBy, addedAt, expiresAt, revokedAt }: PersonEntry) {
  return {
    id,
    list,
    ...(list === 'consent' ? { scope } : {}),
    has_document: hasDocument,
    added_by: addedBy,
    added_at: addedAt.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: revokedAt?.toISOString() ?? null,
  };
}
