import { z } from 'zod';
import { newId, type UserId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import type { Queryable } from '../storage/database.ts';
import { knownRoles } from './key-row.ts';

/** A person of the staff, as the identity provider names them. */
export interface User {
  readonly id: UserId;
  readonly issuer: string;
  readonly name: string;
  /** From the provider's claims at the last sign-in, and those granted here. */
  readonly roles: readonly StaffRole[];
  readonly granted: readonly StaffRole[];
  /** ISO 639; null: nobody said. */
  readonly language: string | null;
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly lastSignInAt: Date;
  readonly blockedAt: Date | null;
}

/** What a sign-in says of a person. */
export interface SignedInPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly language?: string;
}

export const userId = z.string().transform((id): UserId => `user_${id.slice(5)}`);

const userRow = z.object({
  id: userId,
  issuer: z.string(),
  display_name: z.string(),
  roles: z.array(z.string()),
  granted: z.array(z.string()),
  language: z.string().nullable(),
  preferences: z.record(z.string(), z.unknown()),
  created_at: z.date(),
  last_sign_in_at: z.date(),
  blocked_at: z.date().nullable(),
});

const COLUMNS = 'id, issuer, display_name, roles, granted, language, preferences, created_at, last_sign_in_at, blocked_at';

function toUser(row: unknown): User {
  const user = userRow.parse(row);
  return {
    id: user.id,
    issuer: user.issuer,
    name: user.display_name,
    roles: knownRoles([...user.roles, ...user.granted]),
    granted: knownRoles(user.granted),
    language: user.language,
    preferences: user.preferences,
    createdAt: user.created_at,
    lastSignInAt: user.last_sign_in_at,
    blockedAt: user.blocked_at,
  };
}

/** The person of this issuer and subject, with the name and the roles that the issuer gives now. */
export async function recordSignIn(tx: Queryable, person: SignedInPerson): Promise<User> {
  const { rows } = await tx.query({
    text: `insert into users (id, issuer, subject, display_name, roles, language) values ($1, $2, $3, $4, $5, $6)
           on conflict (issuer, subject) do update set display_name = excluded.display_name, roles = excluded.roles,
             language = coalesce(users.language, excluded.language), last_sign_in_at = clock_timestamp()
           returning ${COLUMNS}`,
    values: [newId('user'), person.issuer, person.subject, person.name, person.roles, person.language ?? null],
  });
  return toUser(rows[0]);
}

/** Who has signed in, the last one first. */
export async function listUsers(db: Queryable): Promise<readonly User[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from users order by last_sign_in_at desc, id desc limit 1000` });
  return rows.map(toUser);
}

export async function findUser(db: Queryable, id: UserId): Promise<User | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from users where id = $1`, values: [id] });
  return rows[0] === undefined ? null : toUser(rows[0]);
}

interface UserChange {
  readonly granted?: readonly StaffRole[] | undefined;
  readonly isBlocked?: boolean | undefined;
  readonly language?: string;
  readonly preferences?: Readonly<Record<string, unknown>>;
}

/** Effective in every session of the person within a second. Null when there is no such person. */
export async function changeUser(tx: Queryable, id: UserId, change: UserChange): Promise<User | null> {
  const { rows } = await tx.query({
    text: `update users set granted = coalesce($2, granted), language = coalesce($3, language), preferences = coalesce($4, preferences),
             blocked_at = case $5::boolean when true then coalesce(blocked_at, clock_timestamp()) when false then null else blocked_at end
           where id = $1 returning ${COLUMNS}`,
    values: [
      id,
      change.granted ?? null,
      change.language ?? null,
      change.preferences === undefined ? null : JSON.stringify(change.preferences),
      change.isBlocked ?? null,
    ],
  });
  return rows[0] === undefined ? null : toUser(rows[0]);
}
