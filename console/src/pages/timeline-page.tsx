import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { queries } from '../api/queries.ts';
import { Page } from '../parts/page.tsx';
import { Proof } from '../parts/proof.tsx';
import { shortId } from '../parts/short-id.ts';
import { Loaded } from '../parts/states.tsx';
import { Who } from '../parts/who.tsx';
import { to } from '../routes.ts';
import { useWords, type Words } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';

/** Every act on a case in the order in which it stands in the ledger. */
export function TimelinePage({ id }: { readonly id: string }) {
  const words = useWords();
  const { t, date, acted } = words;
  const timeline = useQuery(queries.timeline(id));
  return (
    <Page
      title={`${t('timeline.title')} ${shortId(id)}`}
      intro={t('timeline.intro')}
      actions={
        <Link className="button" href={to.case(id)}>
          {t('timeline.back')}
        </Link>
      }
    >
      <Loaded query={timeline}>
        {(acts) => (
          <ol className="timeline">
            {acts.map((act) => (
              <li key={`${act.at}${act.act}${act.entry?.index ?? ''}`}>
                <time dateTime={act.at}>{date(act.at)}</time>
                <div>
                  <strong>{acted(act.act)}</strong>
                  <p className="soft">
                    <Who id={act.by} />
                    {typeof act.text === 'string' && ` · ${detailIn(words, act.act, act.text)}`}
                  </p>
                </div>
                <Proof entry={act.entry ?? null} />
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Page>
  );
}

/** What the act was about: the queue of a case that was opened, whose decision it was, which board spoke, why somebody gave it back. */
function detailIn({ t, named }: Words, act: string, text: string): string {
  if (act === 'opened') return named('queue', text);
  const key = [`decisionRole.${text}`, `role.${text}`, `skip.${text}`].find(isKey);
  return key === undefined ? text : t(key);
}
