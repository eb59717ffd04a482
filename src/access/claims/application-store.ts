import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import { CLAIM_ALGORITHMS, type ClaimAlgorithm } from './claim.ts';

export const applicationId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'use a–z, 0–9, ".", "_" and "-", starting with a letter or digit');

/** How an application's claims are to be. */
export const claimRules = z.strictObject({
  /** `iss`; absent: the application's id. */
  issuer: z.string().min(1).max(500).exactOptional(),
  audience: z.string().min(1).max(500).default('imprimatur'),
  /** A claim is believed so long after `iat`, whatever its `exp` says. */
  maxAgeSeconds: z.int().min(10).max(86_400).default(600),
  /** `once`: each claim is for one request. `until-expiry`: a platform sends one for many requests. */
  use: z.enum(['once', 'until-expiry']).default('once'),
  /** Whether a request without a claim is refused, rather than taken for one of the least known user. */
  required: z.boolean().default(false),
});
export type ClaimRules = z.output<typeof claimRules>;

/** A product of the platform: keys belong to it, and its end users. */
export interface Application {
  readonly id: string;
  readonly name: string;
  /** Null: every surface. */
  readonly surfaces: readonly string[] | null;
  readonly claims: ClaimRules;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** Its keys open nothing any more. */
  readonly stoppedAt: Date | null;
}

const row = z
  .object({
    id: z.string(),
    name: z.string(),
    surfaces: z.array(z.string()).nullable(),
    claims: claimRules,
    made_by: z.string(),
    made_at: z.date(),
    stopped_at: z.date().nullable(),
  })
  .transform(
    ({ made_by, made_at, stopped_at, ...rest }): Application => ({ ...rest, madeBy: made_by, madeAt: made_at, stoppedAt: stopped_at }),
  );
const COLUMNS = 'id, name, surfaces, claims, made_by, made_at, stopped_at';

export async function listApplications(db: Queryable): Promise<readonly Application[]> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from applications order by id` });
  return rows.map((one) => row.parse(one));
}

export async function findApplication(db: Queryable, id: string): Promise<Application | null> {
  const { rows } = await db.query({ name: 'application', text: `select ${COLUMNS} from applications where id = $1`, values: [id] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

export interface ApplicationWish {
  readonly id: string;
  readonly name: string;
  readonly surfaces: readonly string[] | null;
  readonly claims: ClaimRules;
  readonly stopped: boolean;
  readonly by: string;
}

/** Makes an application, or changes it whole. */
export async function putApplication(tx: Queryable, { id, name, surfaces, claims, stopped, by }: ApplicationWish): Promise<Application> {
  const { rows } = await tx.query({
    text: `insert into applications (id, name, surfaces, claims, made_by, stopped_at)
           values ($1, $2, $3, $4, $5, case when $6::boolean then clock_timestamp() end)
           on conflict (id) do update set name = excluded.name, surfaces = excluded.surfaces, claims = excluded.claims,
             stopped_at = case when $6::boolean then coalesce(applications.stopped_at, clock_timestamp()) end
           returning ${COLUMNS}`,
    values: [id, name, surfaces, JSON.stringify(claims), by, stopped],
  });
  return row.parse(rows[0]);
}

/** A key that an application signs with. Of a shared secret only the sealed form is stored, of a key pair the public half. */
export interface ClaimKey {
  readonly application: string;
  readonly kid: string;
  readonly algorithm: ClaimAlgorithm;
  readonly sealedSecret: Uint8Array | null;
  readonly publicJwk: Readonly<Record<string, unknown>> | null;
  readonly madeBy: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const keyRow = z
  .object({
    application: z.string(),
    kid: z.string(),
    algorithm: z.enum(CLAIM_ALGORITHMS),
    secret: z.instanceof(Uint8Array).nullable(),
    public_jwk: z.record(z.string(), z.unknown()).nullable(),
    made_by: z.string(),
    expires_at: z.date().nullable(),
    revoked_at: z.date().nullable(),
  })
  .transform(
    ({ secret, public_jwk, made_by, expires_at, revoked_at, ...rest }): ClaimKey => ({
      ...rest,
      sealedSecret: secret,
      publicJwk: public_jwk,
      madeBy: made_by,
      expiresAt: expires_at,
      revokedAt: revoked_at,
    }),
  );

export async function claimKeysOf(db: Queryable, application: string): Promise<readonly ClaimKey[]> {
  const { rows } = await db.query({
    name: 'claim-keys',
    text: `select application, kid, algorithm, secret, public_jwk, made_by, expires_at, revoked_at from claim_keys where application = $1 order by kid`,
    values: [application],
  });
  return rows.map((one) => keyRow.parse(one));
}

export type NewClaimKey = Omit<ClaimKey, 'revokedAt'>;

/** False: the application has a key of this name, or there is no such application. */
export async function insertClaimKey(tx: Queryable, key: NewClaimKey): Promise<boolean> {
  const { rowCount } = await tx.query({
    text: `insert into claim_keys (application, kid, algorithm, secret, public_jwk, made_by, expires_at)
           select $1, $2, $3, $4, $5, $6, $7 where exists (select from applications where id = $1) on conflict do nothing`,
    values: [
      key.application,
      key.kid,
      key.algorithm,
      key.sealedSecret === null ? null : Buffer.from(key.sealedSecret),
      key.publicJwk === null ? null : JSON.stringify(key.publicJwk),
      key.madeBy,
      key.expiresAt,
    ],
  });
  return rowCount === 1;
}

/** For a key of the configuration that has another content now. */
export async function removeClaimKey(tx: Queryable, { application, kid }: { application: string; kid: string }): Promise<void> {
  await tx.query({ text: 'delete from claim_keys where application = $1 and kid = $2', values: [application, kid] });
}

/** False: there is no such key, or it was revoked before. */
export async function revokeClaimKey(tx: Queryable, { application, kid }: { application: string; kid: string }): Promise<boolean> {
  const text = 'update claim_keys set revoked_at = clock_timestamp() where application = $1 and kid = $2 and revoked_at is null';
  return (await tx.query({ text, values: [application, kid] })).rowCount === 1;
}
