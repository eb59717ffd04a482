import { z } from 'zod';
import { isId, type PersonEntryId, type PersonId } from '../../contracts/ids.ts';

/** `consent`: may be shown, within a scope. `protected`: never, whoever asks. `no_consent`: asked not to be shown. */
export const PERSON_LISTS = ['consent', 'protected', 'no_consent'] as const;
export type PersonList = (typeof PERSON_LISTS)[number];

const names = z.array(z.string().min(1).max(100)).min(1).max(50).readonly().optional();

/** What a consent covers. A member that is left out limits nothing; `purposes` must be said. */
export const scopeSchema = z.strictObject({
  /** `generate`, `edit` and `variation` are compared with what a request does, `training` with a training set. Others are for people to read. */
  purposes: z
    .array(z.string().regex(/^[a-z][a-z_-]{0,39}$/))
    .max(20)
    .readonly(),
  surfaces: names,
  applications: names,
  /** Where the pictures may be seen: ISO 3166-1 or 3166-2 codes, or EU. */
  regions: z
    .array(z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/))
    .min(1)
    .max(300)
    .readonly()
    .optional(),
});

export type ConsentScope = z.output<typeof scopeSchema>;

/** That somebody stands on a list. */
export interface PersonEntry {
  readonly id: PersonEntryId;
  readonly list: PersonList;
  readonly scope: ConsentScope;
  readonly hasDocument: boolean;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Somebody who is listed, as far as it may be told: neither name nor face. */
export interface ListedPerson {
  readonly id: PersonId;
  readonly faceCount: number;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly entries: readonly PersonEntry[];
}

/** 128 numbers; see `detectors/faces`. */
export type Descriptor = Float32Array;
export const DESCRIPTOR_NUMBERS = 128;
/** More add nothing, and each costs time at every picture. */
export const MOST_FACES = 16;

export const personId = z.custom<PersonId>((value) => typeof value === 'string' && isId('person', value), 'not the id of a person');
export const entryId = z.custom<PersonEntryId>((value) => typeof value === 'string' && isId('entry', value), 'not the id of an entry');
