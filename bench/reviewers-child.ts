/**
 * Reviewers of one process: they take the most urgent case, think, decide. Some close the window, come late, or send a decision twice. Every decision
 * that was answered is a line on stdout, so that whoever killed this process can look whether it is still there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { reviewWrites } from '../src/decide/decide-review.ts';
import { createJournal } from '../src/ledger/journal.ts';
import type { ReviewCase } from '../src/review/case-store.ts';
import type { DecisionWish } from '../src/review/decision-wish.ts';
import { plainWish, type RecordParts } from '../src/review/decision-wish.ts';
import { claimNext } from '../src/review/leases.ts';
import { SHIPPED_QUEUES } from '../src/review/queues.ts';
import { recordDecision } from '../src/review/record-decision.ts';
import type { Staff } from '../src/review/sight.ts';
import { openDatabase } from '../src/storage/open-database.ts';
import { writeActs } from '../src/storage/write-acts.ts';
import { endWithParent } from './child-process.ts';

const [url = '', name = '', count = '10', leaseSeconds = '2', thinkMs = '300'] = process.argv.slice(2);
const LEASE_SECONDS = Number(leaseSeconds);
/** At most; uniform. People take minutes. */
const THINKING_MS = Number(thinkMs);
const CLOSES_WINDOW = 0.03;
const COMES_LATE = 0.005;
const SENDS_TWICE = 0.03;

const db = await openDatabase({ url, dataDir: '' });
const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
const policy = {
  ref: { name: 'bench', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
  document: {},
  checks: [],
  obligations: () => ({ credential: true, label: false, watermark: 'off' as const }),
};
const parts: RecordParts = { db, journal, queues: SHIPPED_QUEUES };
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

function writes(found: ReviewCase, wish: DecisionWish) {
  if (found.kind !== 'generation') throw new Error('only generations wait here');
  const reviewed = { submission: null, findings: [], isLabelAsked: false, isCareAsked: false };
  return reviewWrites(found, { wish, reviewed, isNow: true }, { policy, instanceId: 'ins_bench' });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'unknown');

/** As a browser does: again and again, with the same lease, until somebody answers. */
async function decide(wish: DecisionWish): Promise<void> {
  for (;;) {
    try {
      const { kind, decision } = await recordDecision(wish, (found) => writes(found, wish), parts);
      say({ kind, case: wish.caseId, lease: wish.lease?.lease, decision: decision.id });
      return;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'LEASE_LOST' || code === 'CASE_NOT_OPEN') {
        say({ kind: code });
        return;
      }
      await sleep(100);
    }
  }
}

async function review(lane: number): Promise<void> {
  for (let turn = 0; ; ) {
    const staff: Staff = { id: `user_${name}_${lane}_${turn}`, roles: ['reviewer'] };
    const begun = performance.now();
    const next = await claimNext(db, { queue: 'general', staff: staff.id, seconds: LEASE_SECONDS }).catch(() => undefined);
    if (next === undefined) await sleep(100);
    if (next === undefined || next === null) {
      if (next === null) await sleep(50);
      continue;
    }
    say({ kind: 'claim', ms: performance.now() - begun });
    await sleep(Math.random() * THINKING_MS);
    const luck = Math.random();
    if (luck < CLOSES_WINDOW) {
      turn += 1;
      continue;
    }
    if (luck < CLOSES_WINDOW + COMES_LATE) await sleep(LEASE_SECONDS * 1000 + 200);
    const lease = { lease: next.lease.id, fence: next.lease.fence };
    const wish = plainWish({ caseId: next.found.id, staff, decision: 'block', policy: 'standard', reasons: ['bench'], lease });
    await Promise.all(Math.random() < SENDS_TWICE ? [decide(wish), decide(wish)] : [decide(wish)]);
  }
}

endWithParent();
say({ kind: 'ready' });
await Promise.all(Array.from({ length: Number(count) }, (_, lane) => review(lane)));
