import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId, type OptOutId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { commitment } from '../../ledger/entry.ts';
import type { EntryBody, Journal } from '../../ledger/journal.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { nextRegistryVersion, registryVersion } from '../registry-version.ts';
import { mattersSchema, type OptOut, type OptOutFacts, type OptOutMatter, optOutFactsSchema, optOutId } from './opt-out.ts';
import { createOptOutNames, NOBODY_OPTED_OUT, type OptOutNames, unfindableIn } from './opt-out-names.ts';

export interface NewOptOut extends OptOutFacts {
  readonly what: readonly OptOutMatter[];
  readonly expiresAt: Date | null;
  readonly by: string;
}

/** The register of artists and rights-holders who opted out. Names are sealed in the database; the ledger has commitments. */
export interface OptOutRegistry {
  /** As they are now. */
  readonly names: OptOutNames;
  list(): Promise<readonly OptOut[]>;
  /** In force here when it resolves, in other processes of the same database at their next look. @throws ImprimaturError REQUEST_INVALID */
  add(wish: NewOptOut): Promise<OptOut>;
  /** @throws ImprimaturError NOT_FOUND */
  remove(id: OptOutId, by: string): Promise<void>;
  /** Takes what changed in the database. */
  refresh(): Promise<void>;
}

interface OptOutGround {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'sealValue' | 'openValue'>;
}

/** Their names are searched for in every prompt. */
const MOST = 10_000;
const sealedSchema = optOutFactsSchema.extend({ salt: z.string() });
const row = z
  .object({
    id: optOutId,
    sealed: z.instanceof(Uint8Array),
    what: mattersSchema,
    expires_at: z.date().nullable(),
    added_by: z.string(),
    added_at: z.date(),
  })
  .transform(({ expires_at, added_by, added_at, ...rest }) => ({ ...rest, expiresAt: expires_at, addedBy: added_by, addedAt: added_at }));

export function createOptOutRegistry({ db, journal, evidence }: OptOutGround): OptOutRegistry {
  let names = NOBODY_OPTED_OUT;
  let seen = 0;
  const list = async () => {
    const { rows } = await db.query({ text: 'select * from opt_outs order by id' });
    return Promise.all(rows.map((found) => opened(row.parse(found), evidence)));
  };
  const refresh = async () => {
    const version = await registryVersion(db, 'opt-outs');
    if (version === seen) return;
    names = createOptOutNames(await list());
    seen = version;
  };
  const change = async (work: (tx: Queryable) => Promise<EntryBody>) => {
    await db.transaction(async (tx) => {
      await nextRegistryVersion(tx, 'opt-outs');
      await journal.recordIn(tx, {}, [await work(tx)]);
    });
    await refresh();
  };
  return {
    names: {
      get version() {
        return names.version;
      },
      get findable() {
        return names.findable;
      },
      judge: (reading) => names.judge(reading),
      notForTraining: (makers) => names.notForTraining(makers),
    },
    list,
    refresh,
    async add({ what, expiresAt, by, ...facts }) {
      const param = unfindableIn(facts);
      // Taken in silence, it would stand in the register and protect nobody.
      if (param !== undefined)
        throw new ImprimaturError('REQUEST_INVALID', {
          hint: `Nothing of "${param}" can be looked for: write it in letters, two or more.`,
          param,
        });
      const id = newId('optout');
      const salt = randomBytes(16);
      const sealed = await evidence.sealValue({
        id,
        kind: 'opt_out',
        bytes: Buffer.from(JSON.stringify({ ...facts, salt: salt.toString('base64') })),
      });
      await change(async (tx) => {
        if (Number((await tx.query<{ n: string }>({ text: 'select count(*) as n from opt_outs' })).rows[0]?.n) >= MOST)
          throw new ImprimaturError('REQUEST_INVALID', { hint: `There are ${MOST} opt-outs at most.` });
        await tx.query({
          text: 'insert into opt_outs (id, sealed, what, expires_at, added_by) values ($1, $2, $3, $4, $5)',
          values: [id, sealed, JSON.stringify(what), expiresAt, by],
        });
        return { kind: 'opt_out.added', opt_out: id, what, commitment: commitment(salt, JSON.stringify(facts)), by };
      });
      return { id, what, expiresAt, addedBy: by, addedAt: new Date(), ...facts };
    },
    async remove(id, by) {
      await change(async (tx) => {
        const { rowCount } = await tx.query({ text: 'delete from opt_outs where id = $1', values: [id] });
        if (rowCount === 0) throw new ImprimaturError('NOT_FOUND', { hint: 'There is no such opt-out.' });
        return { kind: 'opt_out.removed', opt_out: id, by };
      });
    },
  };
}

async function opened({ sealed, ...found }: z.output<typeof row>, evidence: OptOutGround['evidence']): Promise<OptOut> {
  const bytes = await evidence.openValue({ id: found.id, kind: 'opt_out', sealed });
  const { salt: _, ...facts } = sealedSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
  return { ...found, ...facts };
}
