import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Page } from '../parts/page.tsx';
import { shortId } from '../parts/short-id.ts';
import { Loaded, Notice } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Who } from '../parts/who.tsx';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';

/** Who looked at what. */
export function AuditPage() {
  const { t, date, acted } = useWords();
  const [by, setBy] = useState('');
  const [caseId, setCaseId] = useState('');
  const [asked, setAsked] = useState<{ by?: string; case?: string }>({});
  const audit = useQuery(queries.audit(asked));
  return (
    <Page title={t('nav.audit')} intro={t('audit.intro')}>
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked({ ...(by === '' ? {} : { by }), ...(caseId === '' ? {} : { case: caseId }) });
        }}
      >
        <Field label={t('audit.by')}>
          <input className="input" value={by} onChange={(event) => setBy(event.target.value.trim())} />
        </Field>
        <Field label={t('audit.case')}>
          <input className="input mono" value={caseId} onChange={(event) => setCaseId(event.target.value.trim())} />
        </Field>
        <Button type="submit">{t('audit.filter')}</Button>
      </form>
      <Loaded query={audit}>
        {(lines) =>
          lines.length === 0 ? (
            <Notice icon="audit" title={t('state.nothing')} />
          ) : (
            <Table
              label={t('nav.audit')}
              rows={lines}
              rowKey={({ at, act, entry }) => `${at}${act}${entry?.index ?? ''}`}
              columns={[
                { title: t('column.when'), cell: ({ at }) => <time dateTime={at}>{date(at)}</time> },
                { title: t('column.who'), cell: (line) => <Who id={line.by} /> },
                { title: t('column.act'), cell: ({ act }) => acted(act) },
                { title: t('column.subject'), cell: ({ subject, target }) => <Subject of={subject ?? null} target={target} /> },
              ]}
            />
          )
        }
      </Loaded>
    </Page>
  );
}

/** The case, and which picture or file of it. */
function Subject({ of, target }: { readonly of: string | null; readonly target?: string | null | undefined }) {
  if (of === null) return <>–</>;
  const short = <span title={of}>{shortId(of)}</span>;
  return (
    <span className="mono small">
      {of.startsWith('case_') ? <Link href={to.case(of)}>{short}</Link> : short}
      {typeof target === 'string' && target !== of && <span className="soft" title={target}>{` ${shortId(target)}`}</span>}
    </span>
  );
}
