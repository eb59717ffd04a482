import { useRef } from 'react';
import { Link } from 'wouter';
import type { Dossier } from '../api/dossier.ts';
import { useAction } from '../keys/dispatch.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import { Icon } from '../parts/icons.tsx';
import { Ago } from '../parts/time.tsx';
import { Who } from '../parts/who.tsx';
import { to } from '../routes.ts';
import { categoryOfRule, ruleWords } from '../words/code-words.ts';
import { useWords } from '../words/use-words.tsx';
import { ClusterNote } from './cluster.tsx';
import { People, Similar, Takedowns } from './context.tsx';
import { Decided } from './decided.tsx';
import { Preview } from './preview.tsx';
import { Reasons } from './reasons.tsx';
import { Fold } from './section.tsx';
import type { DecisionForm } from './use-form.ts';
import type { HeldLease } from './use-lease.ts';
import { User } from './user.tsx';

interface RightColumnProps {
  readonly dossier: Dossier;
  readonly decision: DecisionForm;
  readonly held: HeldLease;
  readonly canDecide: boolean;
}

/** The text of the rules that led here; thresholds have none. */
function excerptOf({ policy }: Dossier): readonly string[] | null {
  const lines = policy.excerpt?.split('\n').filter((line) => line !== '' && categoryOfRule(line) === null) ?? [];
  return lines.length === 0 ? null : lines;
}

/** Everything a decision needs: the policy, the reasons, what it will bring about, and what is known around it. */
export function RightColumn({ dossier, decision, held, canDecide }: RightColumnProps) {
  const { t, said, acted } = useWords();
  const policy = useRef<HTMLElement>(null);
  const history = useRef<HTMLDetailsElement>(null);
  useAction('policy', () => policy.current?.focus());
  useAction('history', () => {
    if (history.current === null) return;
    history.current.open = !history.current.open;
    history.current.scrollIntoView({ block: 'nearest' });
  });
  const { second_review: second } = dossier;
  const excerpt = excerptOf(dossier);
  const needsSecond = second?.needed === true && decision.chosen?.secondReview !== false;
  return (
    <div className="column right">
      {dossier.decisions.length > 0 && <Decided dossier={dossier} />}
      {(excerpt !== null || dossier.request !== null) && (
        <section className="panel policy" ref={policy} tabIndex={-1} aria-label={t('case.policy')}>
          <header>
            <h2>{t('case.policy')}</h2>
            <span className="small soft mono" title={dossier.policy.ref}>
              {dossier.policy.ref.replace(/\+.*$/, '')}
            </span>
            <KeyHint action="policy" />
          </header>
          <p className="excerpt" dir="auto">
            {excerpt?.map((line) => ruleWords(line, t) ?? said(line)).join('\n') ?? t('case.noExcerpt')}
          </p>
        </section>
      )}
      {canDecide && <Reasons dossier={dossier} decision={decision} />}
      {needsSecond && (
        <p className="second">
          <Icon name="person" size={14} />{' '}
          <span>
            {t('case.second')} {said(second?.why ?? '')}
          </span>
        </p>
      )}
      {canDecide && <Preview dossier={dossier} decision={decision} lease={held.lease} />}
      <ClusterNote dossier={dossier} decision={decision} canDecide={canDecide} />
      <People people={dossier.people} />
      <Takedowns takedowns={dossier.takedowns} />
      <Similar similar={dossier.similar} />
      {dossier.user !== null && <User user={dossier.user} />}
      <Fold title={t('case.history')} gist={<KeyHint action="history" />} element={history}>
        <ol className="history">
          {dossier.history.map((act) => (
            <li key={`${act.at}${act.act}`}>
              {acted(act.act)}{' '}
              <span className="small soft">
                <Who id={act.by} /> · <Ago at={act.at} />
              </span>
            </li>
          ))}
        </ol>
        <Link href={to.timeline(dossier.id)}>{t('case.timeline')}</Link>
      </Fold>
    </div>
  );
}
