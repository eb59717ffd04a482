import { z } from 'zod';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';

/** What somebody looked at. A picture shown in full also stands in the ledger. */
export const LOOKS = ['dossier', 'preview', 'picture', 'file', 'signals', 'search'] as const;

interface Look {
  readonly by: StaffId;
  readonly what: (typeof LOOKS)[number];
  readonly caseId?: CaseId | null;
  /** An id: of a picture, of what was searched for. Never what somebody typed. */
  readonly target?: string | null;
  readonly restricted?: boolean;
}

/** On record before anything is shown. */
export async function recordLook(db: Queryable, { by, what, caseId = null, target = null, restricted = false }: Look): Promise<void> {
  await db.query({
    name: 'record-look',
    text: 'insert into case_looks (by, what, case_id, target, restricted) values ($1, $2, $3, $4, $5)',
    values: [by, what, caseId, target, restricted],
  });
}

const row = z.object({
  id: z.coerce.string(),
  at: z.date(),
  by: z.string(),
  what: z.string(),
  case_id: z.string().nullable(),
  target: z.string().nullable(),
});
export type RecordedLook = z.output<typeof row>;

interface LookFilter {
  readonly by?: string | undefined;
  readonly caseId?: string | undefined;
  /** Whether looks at restricted cases are told, too. */
  readonly withRestricted: boolean;
  readonly limit: number;
  /** The id of the last look of the page before. */
  readonly after?: string | undefined;
}

/** Newest first. */
export async function listLooks(db: Queryable, filter: LookFilter): Promise<readonly RecordedLook[]> {
  const { by = null, caseId = null, withRestricted, limit, after = null } = filter;
  const { rows } = await db.query({
    text: `select id, at, by, what, case_id, target from case_looks
           where ($1::text is null or by = $1) and ($2::text is null or case_id = $2) and ($3 or not restricted) and ($4::bigint is null or id < $4)
           order by id desc limit $5`,
    values: [by, caseId, withRestricted, after, limit],
  });
  return rows.map((one) => row.parse(one));
}
