import type { DecisionRequest, Draft } from '../src/api/decision.ts';
import type { CaseDecision, Dossier } from '../src/api/dossier.ts';
import { makeDossier, SIGNALS } from './cases.ts';

interface Held {
  readonly id: string;
  readonly fence: number;
  until: number;
}

/** Cases in memory with leases, drafts and decisions, as the gateway keeps them in its database. */
export class MockStore {
  readonly cases = new Map<string, Dossier>();
  readonly reveals: string[] = [];
  readonly leaseMs: number;
  private readonly leases = new Map<string, Held>();
  private nextNumber = 1;
  private fence = 0;

  constructor(leaseMs: number) {
    this.leaseMs = leaseMs;
    for (const kind of ['appeal', 'notice', 'approval'] as const) for (let i = 0; i < 3; i++) this.add(kind);
  }

  add(kind: Dossier['kind'] = 'generation'): Dossier {
    const dossier = makeDossier(this.nextNumber++, kind);
    this.cases.set(dossier.id, dossier);
    return dossier;
  }

  /** The next open case of a queue that nobody holds. */
  next(queue: string): Dossier {
    const waiting = [...this.cases.values()].find((one) => one.queue === queue && one.status === 'open' && this.held(one.id) === null);
    return waiting ?? this.add(queue === 'appeal' || queue === 'notice' || queue === 'approval' ? queue : 'generation');
  }

  find(id: string): Dossier {
    const found = this.cases.get(id) ?? makeDossier(0);
    return this.held(id) === null
      ? found
      : { ...found, lease: { mine: true, holder_is_other: false, until: new Date(this.held(id)?.until ?? 0).toISOString() } };
  }

  held(id: string): Held | null {
    const lease = this.leases.get(id);
    return lease !== undefined && lease.until > Date.now() ? lease : null;
  }

  claim(id: string) {
    const lease = { id: `lse_${++this.fence}`, fence: this.fence, until: Date.now() + this.leaseMs };
    this.leases.set(id, lease);
    return { object: 'lease', id: lease.id, fence: lease.fence, until: new Date(lease.until).toISOString() };
  }

  holds(id: string, lease: unknown, fence: unknown): boolean {
    const held = this.held(id);
    return held !== null && held.id === lease && held.fence === fence;
  }

  beat(id: string): string {
    const held = this.held(id);
    if (held !== null) held.until = Date.now() + this.leaseMs;
    return new Date(Date.now() + this.leaseMs).toISOString();
  }

  drop(id: string): void {
    this.leases.delete(id);
  }

  decide(id: string, request: DecisionRequest): Dossier {
    const before = this.find(id);
    const decision: CaseDecision = {
      id: `cdc_${before.decisions.length + 1}`,
      seq: before.decisions.length + 1,
      decision: request.decision,
      policy: request.policy ?? null,
      reasons: [...(request.reasons ?? [])],
      note: request.note ?? null,
      by: 'Sam Reviewer',
      role: 'first',
      decided_at: new Date().toISOString(),
      effective_at: new Date(Date.now() + 10_000).toISOString(),
      undone_at: null,
    };
    const status =
      request.decision === 'escalate' ? 'escalated' : /block|uphold|remove|reject/.test(request.decision) ? 'blocked' : 'released';
    const undo_until = new Date(Date.now() + 10_000).toISOString();
    const after: Dossier = {
      ...before,
      status,
      decisions: [...before.decisions, decision],
      signals: SIGNALS,
      draft: null,
      lease: null,
      undo_until,
    };
    this.cases.set(id, after);
    this.drop(id);
    return after;
  }

  undo(id: string): Dossier {
    const before = this.find(id);
    const decisions = before.decisions.map((one) => ({ ...one, undone_at: new Date().toISOString() }));
    const after: Dossier = { ...before, status: 'open', decisions, undo_until: null };
    this.cases.set(id, after);
    return after;
  }

  change(id: string, changes: Partial<Dossier>): void {
    this.cases.set(id, { ...this.find(id), ...changes });
  }

  draft(id: string, draft: Draft): void {
    this.change(id, { draft });
  }
}
