import { importJWK } from 'jose';
import type { EndUser } from '../../contracts/end-user.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Database } from '../../storage/database.ts';
import { createDoor, type Door } from '../door/door.ts';
import type { ClaimUsed } from '../door/door-statement.ts';
import { type Application, type ClaimKey, claimKeysOf, findApplication } from './application-store.ts';
import { endUserOf } from './claim.ts';
import { claimEnd, claimHash, type VerifyingKey, verifyClaim } from './verify-claim.ts';

/** A claim for one request, to be used up with it. */
export interface ClaimToUse {
  readonly application: string;
  readonly hash: Uint8Array;
  readonly until: Date;
}

export interface ReadClaim {
  /** Absent: nothing was said. */
  readonly user?: EndUser;
  /** Absent: the application's claims may be used again. */
  readonly toUse?: ClaimToUse;
  /** Nothing was said, and the application wants it said where pictures are made. */
  readonly isMissing?: true;
}

/** What platforms say of end users, and of which application they are. */
export interface ClaimReader {
  /** @throws ImprimaturError USER_CLAIM_INVALID, never less than a clear no; AUTH_FORBIDDEN where the application is stopped */
  read(about: { readonly application: string; readonly surface: string }, header: string | undefined): Promise<ReadClaim>;
  /** Uses a claim up. `again`: for the very same request it was used before, so this is a retry. @throws ImprimaturError USER_CLAIM_INVALID */
  use(claim: ClaimToUse, requestDigest: string): Promise<ClaimUsed>;
  /** What changed here counts here at once, in other processes within a second. */
  forget(): void;
  /** Forgets claims that nobody would believe any more. */
  tidy(): Promise<void>;
}

interface ReaderParts {
  readonly db: Database;
  readonly evidence: Pick<EvidenceStore, 'openValue'>;
  /** Absent: one of its own. */
  readonly door?: Pick<Door, 'use'>;
  readonly cacheMs?: number;
  readonly now?: () => number;
}

interface Known {
  readonly application: Application | null;
  readonly keys: readonly { readonly row: ClaimKey; readonly key: VerifyingKey }[];
}

export function createClaimReader({ db, evidence, door = createDoor({ db }), cacheMs = 1000, now = Date.now }: ReaderParts): ClaimReader {
  const cache = new Map<string, { readonly known: Promise<Known>; readonly until: number }>();

  async function look(id: string): Promise<Known> {
    const application = await findApplication(db, id);
    const rows = application === null ? [] : await claimKeysOf(db, id);
    return { application, keys: await Promise.all(rows.map(async (row) => ({ row, key: await openKey(row, evidence) }))) };
  }

  function knownOf(id: string): Promise<Known> {
    const cached = cache.get(id);
    if (cached !== undefined && cached.until > now()) return cached.known;
    const known = look(id);
    if (cache.size > 10_000) cache.clear();
    cache.set(id, { known, until: now() + cacheMs });
    // What failed is asked again by the next request.
    known.catch(() => cache.delete(id));
    return known;
  }

  return {
    async read({ application: id, surface }, header) {
      const { application, keys } = await knownOf(id);
      if (application !== null) requireOpen(application, surface);
      if (header === undefined) {
        return application?.claims.required === true ? { isMissing: true } : {};
      }
      if (application === null) throw bad('The application of this API key is not registered.');
      const stands = keys.filter(({ row }) => row.revokedAt === null && (row.expiresAt === null || row.expiresAt.getTime() > now()));
      const rules = application.claims;
      const context = { application: id, rules, keys: stands.map(({ key }) => key), now: new Date(now()) };
      const claim = await verifyClaim(header, context);
      const user = endUserOf(claim);
      return rules.use === 'once' ? { user, toUse: { application: id, hash: claimHash(claim), until: claimEnd(claim, rules) } } : { user };
    },

    async use({ application, hash, until }, requestDigest) {
      const claim = { application, hash: Buffer.from(hash).toString('hex'), bodyDigest: requestDigest, until };
      const used = await door.use(claim);
      if (used === null) throw bad('It was used for another request before; sign one for each.');
      return used;
    },

    forget: () => cache.clear(),
    async tidy() {
      await db.query({ text: 'delete from used_claims where expires_at < clock_timestamp()' });
    },
  };
}

/** @throws ImprimaturError AUTH_FORBIDDEN */
function requireOpen({ stoppedAt, surfaces }: Application, surface: string): void {
  if (stoppedAt !== null) throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'The application of this key is stopped.' });
  if (surfaces !== null && !surfaces.includes(surface)) {
    throw new ImprimaturError('AUTH_FORBIDDEN', { hint: `The application of this key has no surface "${surface}".` });
  }
}

/** Where a secret of an application is sealed. */
export const secretName = ({ application, kid }: { readonly application: string; readonly kid: string }) =>
  ({ id: `${application}/${kid}`, kind: 'claim_key' }) as const;

async function openKey(row: ClaimKey, evidence: ReaderParts['evidence']): Promise<VerifyingKey> {
  const { kid, algorithm, sealedSecret, publicJwk } = row;
  const key =
    sealedSecret === null
      ? await importJWK({ ...publicJwk }, algorithm)
      : await evidence.openValue({ ...secretName(row), sealed: sealedSecret });
  return { kid, algorithm, key };
}

/** @throws ImprimaturError USER_CLAIM_INVALID */
export function refuseMissing(): never {
  throw bad('It is missing, and this application always sends it.');
}

function bad(hint: string): ImprimaturError {
  return new ImprimaturError('USER_CLAIM_INVALID', { hint, param: 'Imprimatur-User' });
}
