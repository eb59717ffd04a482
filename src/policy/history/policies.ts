import type { PolicyInForce } from './in-force.ts';

/** How policies change while the gateway runs. */
export interface Policies {
  readonly inForce: PolicyInForce;
  /** Whether boards may put another policy into force here. */
  readonly isByBoards: boolean;
  /** Brings this process up to what the database says. */
  refresh(): Promise<void>;
  /** The cases that the configuration's policy has to keep: files of the folder `cases` beside it. */
  configuredCases(): Promise<readonly { readonly path: string; readonly text: string }[]>;
}
