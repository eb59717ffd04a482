import type { GatherParts } from '../access/usage/gather-usage.ts';
import { closeUsageDays, scheduleUsage } from '../access/usage/usage-job.ts';
import { deliverWebhooks } from '../announcements/deliver-webhooks.ts';
import { sendMails } from '../announcements/mail-queue.ts';
import { scheduleSweep, sweepEvents } from '../announcements/sweep-events.ts';
import type { Config } from '../config/load-config.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { JobKind } from '../jobs/job-kind.ts';
import { startJobs } from '../jobs/job-runner.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { countClocks } from '../review/clocks/clock-store.ts';
import { ringClocks } from '../review/clocks/ring-clock.ts';
import { type TimerVerdict, takeSafeOutcomes } from '../review/clocks/take-safe-outcome.ts';
import { plainWish } from '../review/decision-wish.ts';
import { scheduleRetention, sweepRetention } from '../review/retention.ts';
import { takeInStrays } from '../review/take-in-strays.ts';
import { hideReported } from '../settle/hide-reported.ts';
import { type ReviewCaseParts, reviewCase } from '../settle/review-case.ts';
import type { Database } from '../storage/database.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Closers } from './closers.ts';
import type { Announcements } from './open-announcements.ts';

interface JobParts {
  readonly config: Config;
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: EvidenceStore;
  readonly outbound: Outbound;
  readonly announcements: Announcements;
  readonly review: ReviewCaseParts;
  readonly telemetry: Telemetry;
  readonly closers: Closers;
  readonly usage: GatherParts;
  /** Background processes of other parts. */
  readonly others?: readonly JobKind[];
}

/** Every background process that is durable work. */
export async function openJobs(parts: JobParts): Promise<void> {
  const { db, journal, evidence, outbound, announcements, review, telemetry, closers, config, usage, others = [] } = parts;
  const { mailer, raiseAlert } = announcements;
  await Promise.all([scheduleSweep(db), scheduleUsage(db)]);
  await scheduleRetention(db);
  await takeInStrays({ db, journal, queues: review.queues });
  const runner = startJobs({
    db,
    kinds: [
      ringClocks({ journal, raiseAlert, told: telemetry.clockRang }),
      takeSafeOutcomes({
        db,
        journal,
        decide: (verdict) => decideByTimer(verdict, review),
        hide: (late) => hideReported(late, { db, journal }),
      }),
      deliverWebhooks({ db, evidence, outbound, raiseAlert, told: telemetry.webhookTried }),
      sweepEvents(),
      closeUsageDays({ ...usage, db, journal, closeAfterMinutes: config.values.usage.closeAfterMinutes }),
      sweepRetention({ db, journal, evidence, plan: parts.config.values.retention }),
      ...(mailer === null ? [] : [sendMails({ db, evidence, mailer })]),
      ...others,
    ],
    onError: telemetry.jobFailed,
  });
  closers.add(() => runner.stop());
  const { watch } = telemetry;
  watch('imprimatur_case_clocks_running', 'Deadlines that are running.', async () => (await countClocks(db)).running);
  watch('imprimatur_case_clocks_broken', 'Deadlines that passed while the case is open.', async () => (await countClocks(db)).broken);
}

/** The path of a person's decision, with nobody's name on it. */
async function decideByTimer({ caseId, decision, obligation }: TimerVerdict, review: ReviewCaseParts): Promise<void> {
  await reviewCase(plainWish({ caseId, staff: null, decision, reasons: [obligation] }), review);
}
