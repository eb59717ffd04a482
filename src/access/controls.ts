import type { ModelCare } from '../models/care/model-care.ts';
import type { Capabilities } from './capabilities.ts';
import type { CanaryWatch } from './gates/canary-watch.ts';
import type { GateBook } from './gates/gate-book.ts';
import type { KillControl } from './kill/kill-control.ts';
import type { RequireKnown } from './known-names.ts';
import type { LimitControl } from './limits/limit-control.ts';
import type { UserStanding } from './standing/user-standing.ts';

/** Everything by which operators say what may be used: for stages, for those who turn it, and for those who watch. */
export interface Controls {
  readonly capabilities: Capabilities;
  readonly gates: GateBook;
  readonly kills: KillControl;
  readonly canary: CanaryWatch;
  readonly limits: LimitControl;
  readonly standing: UserStanding;
  readonly requireKnown: RequireKnown;
  /** How the models are. */
  readonly health: ModelCare['health'];
  /** Brings this process up to what the database says. */
  refresh(): Promise<void>;
  /** Whether the state of switches is known here; until then everything is stopped. */
  isCurrent(): boolean;
}
