import { type CapabilityUse, useOf } from '../contracts/capability.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { KillId } from '../contracts/ids.ts';
import type { Submission } from '../contracts/submission.ts';
import type { GateBook } from './gates/gate-book.ts';
import type { SwitchBoard } from './kill/switch-board.ts';

/** Why something may not be used now. */
export type Shut = Extract<ErrorCode, 'CAPABILITY_STOPPED' | 'CAPABILITY_CLOSED'>;

/** What stages ask before something is paid for, and before it leaves. */
export interface Capabilities {
  /** Null: every gate is open to this submission and no switch stops it. @throws ImprimaturError STORAGE_UNAVAILABLE when nobody can say */
  shutFor(submission: Submission): Promise<Shut | null>;
  /** The kill switch that stops this use now. @throws ImprimaturError STORAGE_UNAVAILABLE when nobody can say */
  stoppedBy(use: CapabilityUse): Promise<KillId | null>;
}

export function createCapabilities(board: Pick<SwitchBoard, 'stoppedBy'>, gates: Pick<GateBook, 'shutFor'>): Capabilities {
  return {
    async shutFor(submission) {
      if ((await board.stoppedBy(useOf(submission))) !== null) return 'CAPABILITY_STOPPED';
      return gates.shutFor(submission) === null ? null : 'CAPABILITY_CLOSED';
    },
    stoppedBy: (use) => board.stoppedBy(use),
  };
}
