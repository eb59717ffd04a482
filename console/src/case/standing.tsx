import type { ReactNode } from 'react';
import type { Dossier } from '../api/dossier.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { ToldText, told } from '../parts/problem.tsx';
import { useWords } from '../words/use-words.tsx';
import type { HeldLease } from './use-lease.ts';

interface StandingProps {
  readonly dossier: Dossier;
  readonly held: HeldLease;
  readonly isOpen: boolean;
  readonly mayDecide: boolean;
}

/** Why nothing can be decided just now, without blame, and what to do about it. */
export function Standing({ dossier, held, isOpen, mayDecide }: StandingProps) {
  const { t } = useWords();
  if (!isOpen) return null;
  if (!mayDecide) return <Strip text={t('standing.readOnly')} />;
  if (held.standing === 'refused') {
    return <Strip text={<ToldText told={told(held.problem, t)} />} action={t('state.retry')} onAct={held.claim} />;
  }
  if (held.standing === 'lost') return <Strip text={t('standing.lost')} action={t('case.claimAgain')} onAct={held.claim} />;
  if (held.standing === 'taken' || (held.lease === null && dossier.lease?.holder_is_other === true)) {
    return <Strip text={t('standing.taken')} action={t('case.tryClaim')} onAct={held.claim} />;
  }
  return null;
}

function Strip({ text, action, onAct }: { readonly text: ReactNode; readonly action?: string; readonly onAct?: () => void }) {
  return (
    <div className="standing" role="alert">
      <Icon name="lock" size={14} />
      <span>{text}</span>
      {action !== undefined && <Button onClick={() => onAct?.()}>{action}</Button>}
    </div>
  );
}
