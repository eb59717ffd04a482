import type { Dossier, Why } from '../api/dossier.ts';
import { Facts } from '../parts/facts.tsx';
import { Ago } from '../parts/time.tsx';
import { categoryOfRule } from '../words/code-words.ts';
import { useWords } from '../words/use-words.tsx';

/** What a rule without words of its own is a number of; null for any other. */
const numberOf = ({ rule, description }: Why) => (typeof description === 'string' ? null : categoryOfRule(rule));

/** Why a case is held: what rules say of themselves first, then, in one line, which scores were too high. */
export function WhyList({ why }: { readonly why: readonly Why[] }) {
  const { t, named, said: sentence, ruled } = useWords();
  if (why.length === 0) return <p className="soft">{t('case.noWhy')}</p>;
  const said = why.filter((one) => numberOf(one) === null);
  const scored = new Map(why.filter((one) => numberOf(one) !== null).map((one) => [numberOf(one) ?? one.rule, one]));
  return (
    <ul className="why">
      {said.map((one) => (
        <li key={`${one.rule}${one.check ?? ''}${one.reason ?? ''}`}>
          <p dir="auto">{typeof one.description === 'string' ? sentence(one.description) : ruled(one.rule)}</p>
          <Source why={one} />
        </li>
      ))}
      {scored.size > 0 && (
        <li>
          <p>{t(said.length === 0 ? 'why.scores' : 'why.alsoScores')}</p>
          <ul className="why-scores">
            {[...scored].map(([category, one]) => (
              <li key={category} title={one.rule}>
                <span>{named('category', category)}</span>
                {typeof one.check === 'string' && <span className="small soft">{named('check', one.check)}</span>}
              </li>
            ))}
          </ul>
        </li>
      )}
    </ul>
  );
}

/** Which rule it is and which check spoke, for who looks it up. */
function Source({ why: { rule, check, reason } }: { readonly why: Why }) {
  const { named, found } = useWords();
  return (
    <p className="small soft">
      <code>{rule}</code>
      {typeof check === 'string' && ` · ${named('check', check)}`}
      {typeof reason === 'string' && ` · ${found(reason)}`}
    </p>
  );
}

/** Somebody brought it: what comes to this queue, since when it is here, and in which language it is written. */
export function Brought({ dossier: { queue, language, opened_at } }: { readonly dossier: Dossier }) {
  const { t, named, tongue } = useWords();
  return (
    <>
      <p>{named('queueText', queue)}</p>
      <p className="small soft">
        {t('column.opened')} <Ago at={opened_at} />
      </p>
      {language !== null && <Facts facts={{ [t('list.language')]: tongue(language) }} />}
    </>
  );
}
