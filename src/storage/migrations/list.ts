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
];
