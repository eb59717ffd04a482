import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, bodyOf } from '../api/client.ts';
import type { Dossier } from '../api/dossier.ts';
import { isFailure } from '../api/failure.ts';
import { queries } from '../api/queries.ts';
import { useStart } from '../pages/use-start.ts';
import { useSay } from '../parts/problem.tsx';
import { toast } from '../parts/toasts.tsx';
import { useWords } from '../words/use-words.tsx';
import { type Choice, type Lack, lackOf, requestOf } from './choices.ts';
import { dropLease, keepLease } from './leases.ts';
import type { DecisionForm } from './use-form.ts';
import type { HeldLease } from './use-lease.ts';

export interface Deciding {
  readonly isSending: boolean;
  readonly lack: Lack | null;
  /** A decision that cannot be taken back waits for the number of the case. */
  readonly confirming: boolean;
  send(options: { goOn: boolean; isConfirmed?: boolean }): Promise<void>;
  cancel(): void;
}

/** What the server says of a case after a decision on it. */
interface After {
  readonly status: string;
  readonly undo_until?: string | null;
  readonly waits_for_second?: boolean;
  /** What stands on record: of a second window another than the one that was sent. */
  readonly recorded?: string;
}

/** What became of it: decided; another decision stood there already; a second person is waited for; what was let go was held again. */
function outcomeOf({ recorded, status, waits_for_second: waits }: After, chosen: Choice | undefined) {
  if (recorded !== undefined && recorded !== chosen?.decision) return 'another';
  if (waits === true) return 'waits';
  if (status !== 'open') return 'decided';
  return waits === false || chosen?.needsRegion === true ? 'again' : 'waits';
}

/** Until when it can be taken back, as the server says; null where it cannot. */
function undoUntil({ undo_until: said }: After, chosen: Choice | undefined): number | null {
  const until = Date.parse(said ?? '');
  return chosen?.isFinal !== true && until > Date.now() ? until : null;
}

/** Sends what is decided, exactly once as far as anybody can tell: after an answer that never came, the case itself is asked. */
export function useDecide(dossier: Dossier, decision: DecisionForm, held: HeldLease): Deciding {
  const { t, named } = useWords();
  const cache = useQueryClient();
  const start = useStart();
  const say = useSay();
  const [isSending, setSending] = useState(false);
  const [lack, setLack] = useState<Lack | null>(null);
  const [confirming, setConfirming] = useState<boolean>(false);
  const goesOn = useRef(false);
  const { id } = dossier;

  const undo = async () => {
    try {
      const { taken } = await bodyOf(api.POST('/v1/cases/{id}/undo', { params: { path: { id } }, body: {} }));
      if (taken !== undefined) keepLease(id, taken);
      toast(t('case.undone'));
    } catch (error) {
      say(error);
    }
    await cache.invalidateQueries({ queryKey: ['cases', id] });
  };

  const decided = (after: After, name: string) => {
    dropLease(id);
    decision.clear();
    const known = outcomeOf(after, decision.chosen);
    if (known === 'another') {
      toast(t('case.alreadyDecided', { decision: named('decision', after.recorded ?? '') }), { tone: 'bad', until: Date.now() + 12_000 });
    } else if (known === 'decided') {
      const until = undoUntil(after, decision.chosen);
      toast(t('case.decided', { decision: name }), until === null ? {} : { until, undo });
    } else toast(t(known === 'again' ? 'case.heldAgain' : 'case.waitsForSecond'));
    void cache.invalidateQueries({ queryKey: ['queues'] });
    if (goesOn.current) start.mutate(dossier.queue);
    else void cache.invalidateQueries({ queryKey: ['cases', id] });
  };

  const send: Deciding['send'] = async ({ goOn, isConfirmed = false }) => {
    const { chosen, form } = decision;
    const missing = lackOf(form, chosen);
    setLack(missing);
    if (missing !== null || chosen === undefined || isSending) return;
    goesOn.current = goOn || (isConfirmed && goesOn.current);
    if (chosen.isFinal && !isConfirmed) {
      setConfirming(true);
      return;
    }
    setConfirming(false);
    setSending(true);
    const name = named('decision', chosen.id);
    try {
      const body = requestOf(form, chosen, dossier.policy.ref, held.lease);
      decided(await bodyOf(api.POST('/v1/cases/{id}/decisions', { params: { path: { id } }, body })), name);
    } catch (error) {
      await recover(error, name);
    } finally {
      setSending(false);
    }
  };

  const recover = async (error: unknown, name: string) => {
    if (isFailure(error, 'lease_lost', 'case_claimed')) held.lost();
    if (!isFailure(error, 0)) {
      say(error);
      await cache.invalidateQueries({ queryKey: ['cases', id] });
      return;
    }
    const now = await cache.fetchQuery({ ...queries.dossier(id), staleTime: 0 }).catch(() => null);
    if (now !== null && now.status !== 'open' && now.decisions.length > dossier.decisions.length) decided(now, name);
    else toast(t('case.notSent'), { tone: 'bad', until: Date.now() + 12_000 });
  };

  return { isSending, lack, confirming, send, cancel: () => setConfirming(false) };
}
