import { useCallback, useEffect, useRef, useState } from 'react';
import { api, bodyOf } from '../api/client.ts';
import type { Lease } from '../api/dossier.ts';
import { isFailure } from '../api/failure.ts';
import { dropLease, keepLease, keptLease } from './leases.ts';

/** How a reviewer stands to a case: holding it, free to claim it, kept out by somebody else, not given it, having given it back, or just lost it. */
export type Standing = 'idle' | 'claiming' | 'held' | 'taken' | 'refused' | 'given' | 'lost';

export interface HeldLease {
  readonly standing: Standing;
  readonly lease: Lease | null;
  /** Why the claim was refused; null where it was not. */
  readonly problem: unknown;
  claim(): Promise<void>;
  extend(): Promise<void>;
  /** Gives the case back, so that somebody else can take it at once. */
  giveBack(reason?: string): Promise<void>;
  /** The server refused a write: what was held is not any more. */
  lost(): void;
}

const BEAT_MS = 45_000;
/** Without a stroke or a movement for this long, nobody is looking: the lease may run out. */
const IDLE_MS = 5 * 60_000;

/** The lease on one case: claimed on arrival, kept alive while somebody works, given up when it is lost. */
export function useLease(caseId: string, isOpen: boolean): HeldLease {
  const [lease, setLease] = useState<Lease | null>(() => keptLease(caseId));
  const [standing, setStanding] = useState<Standing>(lease === null ? 'idle' : 'held');
  const [problem, setProblem] = useState<unknown>(null);
  const lastSign = useRef(Date.now());

  const take = useCallback(
    (next: Lease) => {
      keepLease(caseId, next);
      setLease(next);
      setStanding('held');
    },
    [caseId],
  );
  const lost = useCallback(() => {
    dropLease(caseId);
    setLease(null);
    setStanding('lost');
  }, [caseId]);

  const claim = useCallback(async () => {
    setStanding('claiming');
    try {
      take(await bodyOf(api.POST('/v1/cases/{id}/claim', { params: { path: { id: caseId } }, body: {} })));
    } catch (error) {
      // Never back to `idle`: that would claim again at once, and again.
      setProblem(error);
      setStanding(isFailure(error, 'case_claimed') ? 'taken' : 'refused');
    }
  }, [caseId, take]);

  const extend = useCallback(async () => {
    if (lease === null) return;
    try {
      const body = { lease: lease.id, fence: lease.fence };
      const { until } = await bodyOf(api.POST('/v1/cases/{id}/heartbeat', { params: { path: { id: caseId } }, body }));
      take({ ...lease, until });
    } catch (error) {
      if (isFailure(error, 409)) lost();
    }
  }, [caseId, lease, take, lost]);

  const giveBack = useCallback(
    async (reason?: string) => {
      if (lease === null) return;
      dropLease(caseId);
      setLease(null);
      // Not `idle`: what somebody has just given back they do not want at once again.
      setStanding('given');
      const body = { lease: lease.id, fence: lease.fence, ...(reason === undefined ? {} : { reason }) };
      await api.POST('/v1/cases/{id}/release-lease', { params: { path: { id: caseId } }, body });
    },
    [caseId, lease],
  );

  useEffect(() => {
    if (isOpen && standing === 'idle' && lease === null) void claim();
  }, [isOpen, standing, lease, claim]);
  useSigns(lastSign);
  useEffect(() => {
    if (lease === null) return;
    const beat = setInterval(() => {
      if (document.visibilityState === 'visible' && Date.now() - lastSign.current < IDLE_MS) void extend();
    }, BEAT_MS);
    const end = setTimeout(lost, Math.max(0, new Date(lease.until).getTime() - Date.now()));
    return () => {
      clearInterval(beat);
      clearTimeout(end);
    };
  }, [lease, extend, lost]);

  return { standing, lease, problem, claim, extend, giveBack, lost };
}

/** Notes when somebody last did something. */
function useSigns(lastSign: { current: number }): void {
  useEffect(() => {
    const sign = () => {
      lastSign.current = Date.now();
    };
    for (const kind of ['keydown', 'pointermove', 'focus']) addEventListener(kind, sign, { passive: true });
    return () => {
      for (const kind of ['keydown', 'pointermove', 'focus']) removeEventListener(kind, sign);
    };
  }, [lastSign]);
}
