import { useState } from 'react';
import { Link } from 'wouter';
import type { Measure, UserHistory } from '../api/user-history.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { Ago, Day } from '../parts/time.tsx';
import { to } from '../routes.ts';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { ActOnUser, LiftMeasure } from './act-on-user.tsx';
import { Fold } from './section.tsx';

/** What is known of the person who asked: a pseudonym, counts, and what earlier decisions left with them. */
export function User({ user }: { readonly user: UserHistory }) {
  const { t, named, number } = useWords();
  const mayAct = useMay('standing.write');
  const [isActing, setActing] = useState(false);
  const [lifting, setLifting] = useState<Measure | null>(null);
  const counts = [
    [t('user.generations'), user.generations],
    [t('user.held'), user.held],
    [t('user.refused'), user.refused],
    [t('user.strikes'), user.strikes],
  ] as const;
  const known = counts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const isRestrained = user.standing !== undefined && user.standing !== 'good';
  const gist = isRestrained ? (
    <span className="chip warn">
      <Icon name="warn" size={12} /> {named('standing', user.standing ?? '')}
    </span>
  ) : (
    <span className="small">{t('user.gist', { refused: user.refused, strikes: user.strikes })}</span>
  );
  return (
    <Fold title={t('case.user')} gist={gist}>
      <dl className="figures small-figures">
        {known.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="numbers">{number(value)}</dd>
          </div>
        ))}
      </dl>
      <Measures user={user} onLift={mayAct ? setLifting : null} />
      <p className="small soft">
        <bdi className="mono">{user.pseudonym}</bdi>
        {user.first_seen !== null && (
          <>
            {' · '}
            {t('user.since')} <Day at={user.first_seen} />
          </>
        )}
      </p>
      <div className="actions start">
        <Link className="button quiet" href={to.search(user.pseudonym)}>
          {t('user.all')}
        </Link>
        {mayAct && <Button onClick={() => setActing(true)}>{t('user.act')}</Button>}
      </div>
      {isActing && <ActOnUser pseudonym={user.pseudonym} onClose={() => setActing(false)} />}
      {lifting !== null && <LiftMeasure pseudonym={user.pseudonym} measure={lifting} onClose={() => setLifting(null)} />}
    </Fold>
  );
}

interface MeasuresProps {
  readonly user: UserHistory;
  /** Null where the reader may not. */
  readonly onLift: ((measure: Measure) => void) | null;
}

function Measures({ user: { measures = [] }, onLift }: MeasuresProps) {
  const { t, named } = useWords();
  if (measures.length === 0) return null;
  return (
    <ul className="rows">
      {measures.map((one) => (
        <li key={one.id}>
          <span className={one.in_force ? '' : 'soft'}>{named('userAction', one.action)}</span>
          <span className="small soft">
            <Ago at={one.at} />
            {one.in_force && one.until !== null && (
              <>
                {' · '}
                {t('case.until')} <Day at={one.until} />
              </>
            )}
          </span>
          {one.in_force && onLift !== null && (
            <Button tone="quiet" onClick={() => onLift(one)} title={`${t('user.lift')}: ${named('userAction', one.action)}`}>
              {t('user.lift')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
