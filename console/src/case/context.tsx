import { Link } from 'wouter';
import type { PersonMatch, SimilarCase, Takedown } from '../api/dossier.ts';
import { Icon } from '../parts/icons.tsx';
import { shortId } from '../parts/short-id.ts';
import { Ago, Day } from '../parts/time.tsx';
import { to } from '../routes.ts';
import { takedownWords } from '../words/code-words.ts';
import { useWords } from '../words/use-words.tsx';
import { Fold } from './section.tsx';

/** Faces that look like somebody on a list, and whether that person agreed to it. */
export function People({ people }: { readonly people: readonly PersonMatch[] }) {
  const { t, named, number } = useWords();
  if (people.length === 0) return null;
  return (
    <Fold title={t('case.people')} gist={number(people.length)} isOpen>
      <ul className="rows">
        {people.map((match) => (
          <li key={`${match.face}${match.list}${match.person}`}>
            <div>
              <strong>{named('personList', match.list)}</strong>{' '}
              <span className="small soft mono">{match.person === null ? '' : shortId(match.person)}</span>
              {match.distance !== null && (
                <p className="small soft numbers">{t('case.distance', { n: number(match.distance, { maximumFractionDigits: 2 }) })}</p>
              )}
            </div>
            {match.consent === null ? (
              <span className="chip bad">
                <Icon name="cross" size={12} /> {t('case.noConsent')}
              </span>
            ) : (
              <Consent consent={match.consent} />
            )}
          </li>
        ))}
      </ul>
    </Fold>
  );
}

function Consent({ consent }: { readonly consent: NonNullable<PersonMatch['consent']> }) {
  const { t } = useWords();
  const isCovered = consent.covers === true || (Array.isArray(consent.covers) && consent.covers.length > 0);
  return (
    <span className={`chip ${isCovered ? 'good' : 'warn'}`}>
      <Icon name={isCovered ? 'check' : 'warn'} size={12} />
      {isCovered ? t('case.consent') : t('case.consentOther')}
      {consent.expires_at !== null && (
        <>
          {' '}
          {t('case.until')} <Day at={consent.expires_at} />
        </>
      )}
    </span>
  );
}

/** Taken-down pictures that look like this one. */
export function Takedowns({ takedowns }: { readonly takedowns: readonly Takedown[] }) {
  const { t, number } = useWords();
  if (takedowns.length === 0) return null;
  return (
    <Fold title={t('case.takedowns')} gist={<span className="chip bad">{number(takedowns.length)}</span>} isOpen>
      <ul className="rows">
        {takedowns.map((one) => (
          <li key={one.artifact_id}>
            <span className="mono small">{shortId(one.artifact_id)}</span>
            <span className="small">
              {takedownWords(one.reason, t)} · {t('case.bits', { n: one.distance })}
            </span>
          </li>
        ))}
      </ul>
    </Fold>
  );
}

/** How cases like this one were decided. */
export function Similar({ similar }: { readonly similar: readonly SimilarCase[] }) {
  const { t, named, number } = useWords();
  if (similar.length === 0) return null;
  const count = (name: string) => similar.filter(({ decision }) => decision === name).length;
  const names = [...new Set(similar.map(({ decision }) => decision))];
  const gist = names.map((name) => `${named('decision', name)} ${number(count(name))}`).join(' · ');
  return (
    <Fold title={t('case.similar')} gist={<span className="small">{gist}</span>}>
      <ul className="rows">
        {similar.map((one) => (
          <li key={one.case_id}>
            <Link href={to.case(one.case_id)} className="mono small">
              {shortId(one.case_id)}
            </Link>
            <span className="small">
              {named('decision', one.decision)} · <Ago at={one.decided_at} />
            </span>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
