import type { Config } from '../config/load-config.ts';
import type { StaffId } from '../contracts/ids.ts';
import type { Exposure, ReviewTeam } from '../http/parts.ts';
import type { CaseClosed } from '../review/case-store.ts';
import { createLot } from '../review/quality/lot.ts';
import { type ReplayParts, turnReplays } from '../review/quality/open-replays.ts';
import { type QualityPlan, SHIPPED_QUALITY } from '../review/quality/sampling.ts';
import { createReplays } from '../review/quality/settle-replay.ts';
import { workingStateOf } from '../review/welfare/may-review.ts';
import { SHIPPED_WELFARE, type WelfarePlan } from '../review/welfare/plan.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';

export interface QualityBuild {
  readonly db: Database;
  /** Keys the lots, so that nobody foresees which case is shown twice. */
  readonly key: Uint8Array;
  readonly caseOpened: NonNullable<ReplayParts['opened']>;
  readonly closed: CaseClosed;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
}

/** Cases that are due are opened at the latest after so long. */
const TURN_MS = 5_000;

/** How reviewers' work is sampled, and what they are spared. From now on what is due is opened. */
export function openQuality({ values }: Config, { db, key, caseOpened: opened, closed, telemetry, closers }: QualityBuild) {
  const { welfare, quality, thresholds, individuals } = values.reviewers;
  const plan: QualityPlan = { ...SHIPPED_QUALITY, ...quality };
  const welfarePlan: WelfarePlan = { ...SHIPPED_WELFARE, ...welfare };
  let turning: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    turning = turnReplays({ db, plan, opened, closed }).catch((error: unknown) => telemetry.stageFailed(error, 'replays'));
  }, TURN_MS).unref();
  closers.add(async () => {
    clearInterval(timer);
    await turning;
  });
  const team: ReviewTeam = { welfare: welfarePlan, thresholds, showsIndividuals: individuals === 'leads' };
  const exposureOf = async (staff: StaffId): Promise<Exposure> => {
    const { today, pause } = await workingStateOf(db, staff, welfarePlan);
    return { today, budget: welfarePlan.perDay, resumes_at: pause?.resumesAt?.toISOString() ?? null };
  };
  return { replays: createReplays({ lot: createLot(key), plan }), parts: { team, exposureOf } };
}
