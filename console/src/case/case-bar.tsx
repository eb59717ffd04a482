import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Clock, Dossier } from '../api/dossier.ts';
import { queries } from '../api/queries.ts';
import { perform, useAction } from '../keys/dispatch.ts';
import { useShortcut } from '../keys/key-hint.tsx';
import { Button } from '../parts/button.tsx';
import { countdown, useNow } from '../parts/clock.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ExposureMeter } from '../parts/exposure.tsx';
import { Icon } from '../parts/icons.tsx';
import { shortId } from '../parts/short-id.ts';
import { firstDue, SlaRing } from '../parts/sla.tsx';
import { to } from '../routes.ts';
import { useMe } from '../shell/signed-in.tsx';
import { queueWords } from '../words/queue-words.ts';
import { useWords } from '../words/use-words.tsx';
import { Presence } from './presence.tsx';
import type { HeldLease } from './use-lease.ts';

const WARN_MS = 60_000;

interface CaseBarProps {
  readonly dossier: Dossier;
  readonly held: HeldLease;
  readonly onSkip: () => void;
}

/** The top 48 px: which queue, how long by which law, whose case it is, how much one has seen today. */
export function CaseBar({ dossier, held, onSkip }: CaseBarProps) {
  const { t, named } = useWords();
  const { exposure } = useMe();
  const queues = useQuery({ ...queries.queues(), refetchInterval: 60_000 });
  const here = queues.data?.find(({ id }) => id === dossier.queue);
  const [isClockOpen, setClockOpen] = useState(false);
  const clock = firstDue(dossier.clocks);
  const isOpen = dossier.status === 'open' || dossier.status === 'escalated';
  const helpKey = useShortcut('help');
  useAction('claim', held.claim, isOpen && dossier.kind !== 'approval' && held.lease === null && held.standing !== 'claiming');
  useAction('extend', held.extend, held.lease !== null);
  useAction('skip', onSkip, held.lease !== null);
  return (
    <header className="case-bar">
      <Link href={to.queues()} className="case-queue" title={t('case.backToQueues')}>
        <img src="/console/icon.svg" alt="" width="20" height="20" />
        <span>{here === undefined ? named('queue', dossier.queue) : queueWords(here, t).name}</span>
      </Link>
      <h1 className="mono" title={dossier.id}>
        <span className="unseen">{t('case.title')} </span>
        {shortId(dossier.id)}
      </h1>
      <span className="case-chips">
        {dossier.categories.slice(0, 2).map((category) => (
          <span key={category} className="chip" title={named('category', category)}>
            <span className="cut">{named('category', category)}</span>
          </span>
        ))}
      </span>
      {clock !== null && isOpen && (
        <button type="button" className="button quiet" onClick={() => setClockOpen(true)} title={t('sla.open')}>
          <SlaRing clock={clock} />
        </button>
      )}
      {!isOpen && <span className="chip accent">{named('status', dossier.status)}</span>}
      <LeaseState held={held} isOpen={isOpen && dossier.kind !== 'approval'} />
      <Presence dossier={dossier} />
      {exposure !== null && <ExposureMeter exposure={exposure} />}
      <Button tone="quiet" action="skip" isDisabled={held.lease === null} onClick={onSkip}>
        {t('case.skip')}
      </Button>
      <Link className="button quiet icon" href={to.break()} aria-label={t('break.take')} title={t('break.take')}>
        <Icon name="cup" />
      </Link>
      <button
        type="button"
        className="button quiet icon help"
        onClick={() => perform('help')}
        aria-label={t('keys.help')}
        aria-keyshortcuts={helpKey}
        title={t('keys.help')}
      >
        <Icon name="help" />
      </button>
      {isClockOpen && <ClocksDialog clocks={dossier.clocks} onClose={() => setClockOpen(false)} />}
    </header>
  );
}

function LeaseState({ held, isOpen }: { readonly held: HeldLease; readonly isOpen: boolean }) {
  const { t } = useWords();
  const left = useNow();
  if (!isOpen) return null;
  if (held.lease === null) {
    const isTaken = held.standing === 'taken';
    return (
      <Button tone={isTaken ? 'quiet' : 'primary'} action="claim" isDisabled={held.standing === 'claiming'} onClick={held.claim}>
        {isTaken ? t('case.tryClaim') : t('case.claim')}
      </Button>
    );
  }
  const ms = new Date(held.lease.until).getTime() - left;
  return (
    <button type="button" className={`button quiet lease${ms < WARN_MS ? ' soon' : ''}`} onClick={held.extend} title={t('case.extend')}>
      <span className="label">{t('case.lease')}</span>
      <span className="timer">{countdown(Math.max(0, ms))}</span>
      {ms < WARN_MS && <Icon name="warn" size={14} />}
    </button>
  );
}

/** Each clock with what started it, its arithmetic and its source. */
function ClocksDialog({ clocks, onClose }: { readonly clocks: readonly Clock[]; readonly onClose: () => void }) {
  const { t, date, span, said } = useWords();
  return (
    <Dialog title={t('sla.clocks')} onClose={onClose}>
      <ul className="clock-list">
        {clocks.map((clock) => (
          <li key={clock.id}>
            <SlaRing clock={clock} />
            <strong>{said(clock.law ?? clock.name)}</strong>
            {clock.is_statutory && <span className="chip">{t('sla.statutory')}</span>}
            <p className="numbers">
              {date(clock.started_at)} + {span(new Date(clock.due_at).getTime() - new Date(clock.started_at).getTime())} ={' '}
              {date(clock.due_at)}
            </p>
            {clock.source !== null && <p className="small soft">{clock.source}</p>}
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button tone="primary" onClick={onClose}>
          {t('state.close')}
        </Button>
      </div>
    </Dialog>
  );
}
