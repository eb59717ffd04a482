import { spine } from './0001-spine.ts';
import { ledger } from './0002-ledger.ts';
import { conversation } from './0003-conversation.ts';
import { learning } from './0004-learning.ts';
import { uploads } from './0005-uploads.ts';
import { credentials } from './0006-credentials.ts';
import { watermarks } from './0007-watermarks.ts';
import { uploadCases } from './0008-upload-cases.ts';
import { hashLists } from './0009-hash-lists.ts';
import { people } from './0010-people.ts';
import { cases } from './0011-cases.ts';
import { clocks } from './0012-clocks.ts';
import { access } from './0013-access.ts';
import { quality } from './0014-quality.ts';
import { notices } from './0015-notices.ts';
import { capabilities } from './0016-capabilities.ts';
import { behavior } from './0017-behavior.ts';
import { limits } from './0018-limits.ts';
import { usage } from './0019-usage.ts';
import { policies } from './0020-policies.ts';
import { keeping } from './0021-keeping.ts';
import { campaigns } from './0022-campaigns.ts';
import { decisionNotes } from './0023-decision-notes.ts';

/** One step of the schema. Once released, neither its id nor a byte of its SQL may change. */
export interface Migration {
  /** Four digits and a name, such as `0001-spine`; the digits give the order. */
  readonly id: string;
  /** Any number of statements, run in one transaction: nothing that refuses one (`create index concurrently`, `vacuum`). */
  readonly sql: string;
}

/** Every migration that this build knows, in order. */
export const MIGRATIONS: readonly Migration[] = [
  spine,
  ledger,
  conversation,
  learning,
  uploads,
  credentials,
  watermarks,
  uploadCases,
  hashLists,
  people,
  cases,
  clocks,
  access,
  quality,
  notices,
  capabilities,
  behavior,
  limits,
  usage,
  policies,
  keeping,
  campaigns,
  decisionNotes,
];
