import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Me } from '../api/answers.ts';
import type { Dossier } from '../api/dossier.ts';
import { isFailure } from '../api/failure.ts';
import { queries } from '../api/queries.ts';
import { useStart } from '../pages/use-start.ts';
import { Loaded, Notice } from '../parts/states.tsx';
import { to } from '../routes.ts';
import { useMe } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { CaseBar } from './case-bar.tsx';
import { FinalDialog, SkipDialog } from './case-dialogs.tsx';
import { reasonsFor } from './choices.ts';
import { DecisionBar } from './decision-bar.tsx';
import { LeftColumn } from './left-column.tsx';
import { RightColumn } from './right-column.tsx';
import { Stage } from './stage.tsx';
import { Standing } from './standing.tsx';
import { useDecide } from './use-decide.ts';
import { useDecisionForm } from './use-form.ts';
import { type HeldLease, useLease } from './use-lease.ts';

/** One case: what led to it, the picture, the decision, and what is known around it. Nothing of it scrolls away at 1440 × 900. */
export function CasePage({ id }: { readonly id: string }) {
  const { t } = useWords();
  const dossier = useQuery(queries.dossier(id));
  useEffect(() => {
    document.title = `${t('case.title')} ${id} · Imprimatur`;
  }, [id, t]);
  const problem: unknown = dossier.error;
  if (isFailure(problem, 404)) {
    return (
      <main id="main" className="page">
        <h1 className="unseen">{t('case.title')}</h1>
        <Notice icon="lock" title={t('case.notYours')}>
          <p>{t('case.notYoursText')}</p>
          <Link className="button" href={to.queues()}>
            {t('case.backToQueues')}
          </Link>
        </Notice>
      </main>
    );
  }
  if (dossier.data === undefined) {
    return (
      <main id="main" className="page">
        <h1 className="unseen">{t('case.title')}</h1>
        <Loaded query={dossier}>{() => null}</Loaded>
      </main>
    );
  }
  return <OpenCase key={dossier.data.status === 'open' ? 'open' : 'decided'} dossier={dossier.data} />;
}

function OpenCase({ dossier }: { readonly dossier: Dossier }) {
  const { t } = useWords();
  const mayDecide = mayDecideOn(dossier, useMe());
  const isOpen = dossier.status === 'open' || dossier.status === 'escalated';
  const isApproval = dossier.kind === 'approval';
  const held = useLease(dossier.id, isOpen && mayDecide && !isApproval);
  useNoLease(held, isApproval);
  const decision = useDecisionForm(dossier);
  const deciding = useDecide(dossier, decision, held);
  const start = useStart();
  const [isSkipping, setSkipping] = useState(false);
  const main = useRef<HTMLElement>(null);
  useEffect(() => main.current?.focus({ preventScroll: true }), []);
  const canDecide = isOpen && mayDecide;
  const isEditing = decision.chosen?.needsRegion === true;
  const skip = async (reason: string) => {
    setSkipping(false);
    await held.giveBack(reason);
    start.mutate(dossier.queue);
  };
  return (
    <>
      <CaseBar dossier={dossier} held={held} onSkip={() => setSkipping(true)} />
      <main id="main" className="case" ref={main} tabIndex={-1}>
        <Standing dossier={dossier} held={held} isOpen={isOpen} mayDecide={mayDecide} />
        <LeftColumn dossier={dossier} />
        <div className="column centre">
          <Stage
            dossier={dossier}
            held={held}
            regions={isEditing ? decision.form.regions : null}
            onRegions={(regions) => decision.change({ regions })}
          />
          {canDecide && (
            <DecisionBar
              decision={decision}
              deciding={deciding}
              reasonCodes={reasonsFor(dossier, decision.chosen).map(({ code }) => code)}
              isDisabled={held.lease === null && !isApproval}
            />
          )}
        </div>
        <RightColumn dossier={dossier} decision={decision} held={held} canDecide={canDecide} />
      </main>
      {isSkipping && <SkipDialog onSkip={skip} onClose={() => setSkipping(false)} />}
      {deciding.confirming && (
        <FinalDialog caseId={dossier.id} onConfirm={() => deciding.send({ goOn: false, isConfirmed: true })} onClose={deciding.cancel} />
      )}
      <p className="unseen" role="status">
        {held.standing === 'held' ? t('case.held') : ''}
      </p>
    </>
  );
}

/** Whether a word of the reader's would count here: the gateway says so, or their roles. */
function mayDecideOn({ kind, approval, may_decide: said }: Dossier, { id, permissions }: Me): boolean {
  if (kind !== 'approval') return said ?? permissions.includes(PERMISSIONS[kind]);
  const boards = approval?.boards ?? [];
  const hasSpoken = boards.some(({ by }) => by === id);
  return !hasSpoken && boards.some(({ by_role, approves }) => approves === null && permissions.includes(`approvals.${by_role}`));
}

const PERMISSIONS: Readonly<Record<Exclude<Dossier['kind'], 'approval'>, string>> = {
  generation: 'cases.decide',
  upload: 'cases.decide',
  campaign: 'cases.decide',
  appeal: 'appeals.decide',
  notice: 'notices.decide',
};

/** Several boards speak on one approval: nobody keeps it from the others, whichever way they came. */
function useNoLease({ lease, giveBack }: HeldLease, isShared: boolean): void {
  useEffect(() => {
    if (isShared && lease !== null) void giveBack();
  }, [isShared, lease, giveBack]);
}
