import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Exception } from '../api/answers.ts';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/time.tsx';
import { UserText } from '../parts/user-text.tsx';
import { to } from '../routes.ts';
import { useMay } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { AreaField, TextField } from './manage/fields.tsx';
import { PanelForm } from './manage/panel-form.tsx';
import { textOf } from './manage/read-form.ts';
import { useAct } from './manage/use-act.ts';

const TONES = { asked: 'warn', open: 'accent', rejected: '', ended: '', lapsed: '' } as const;

/** Exceptions from the policy in force, with what the boards said. */
export function Exceptions() {
  const { t } = useWords();
  const exceptions = useQuery(queries.exceptions());
  const mayAsk = useMay('policies.propose');
  const [isAsking, setAsking] = useState(false);
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('exceptions.title')}</h2>
        {mayAsk && <Button onClick={() => setAsking(true)}>{t('exceptions.ask')}</Button>}
      </div>
      <p className="small soft">{t('exceptions.intro')}</p>
      <Loaded query={exceptions}>
        {(list) => (list.length === 0 ? <p className="soft">{t('exceptions.none')}</p> : <List list={list} mayEnd={mayAsk} />)}
      </Loaded>
      {isAsking && <Ask onClose={() => setAsking(false)} />}
    </section>
  );
}

function List({ list, mayEnd }: { readonly list: readonly Exception[]; readonly mayEnd: boolean }) {
  const { t } = useWords();
  const end = useAct(async (id: string) => answerOf(api.POST('/v1/exceptions/{id}/end', { params: { path: { id } }, body: {} })), {
    refresh: ['exceptions'],
  });
  return (
    <Table
      label={t('exceptions.title')}
      rows={list}
      rowKey={({ id }) => id}
      columns={[
        {
          title: t('exceptions.rule'),
          cell: ({ rule, reason }) => (
            <>
              <span className="mono">{rule}</span>
              <br />
              <span className="small soft">
                <UserText text={reason} />
              </span>
            </>
          ),
        },
        { title: t('exceptions.surface'), cell: ({ surface, application }) => [surface, application].filter(Boolean).join(' · ') },
        { title: t('exceptions.until'), cell: ({ until }) => <Ago at={until} /> },
        {
          title: t('column.status'),
          cell: ({ state, case_id: id }) => (
            <>
              <span className={`chip ${TONES[state]}`}>{t(`exceptionState.${state}`)}</span>{' '}
              {state === 'asked' && <Link href={to.case(id)}>{t('policies.openCase')}</Link>}
            </>
          ),
        },
        {
          title: t('exceptions.end'),
          isActions: true,
          cell: ({ id, state }) =>
            mayEnd && (state === 'open' || state === 'asked') ? (
              <Button tone="quiet" onClick={() => end.mutate(id)}>
                {t('exceptions.end')}
              </Button>
            ) : null,
        },
      ]}
    />
  );
}

function Ask({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const send = (form: FormData) => {
    const application = textOf(form, 'application');
    const until = new Date(textOf(form, 'until')).toISOString();
    const wish = { rule: textOf(form, 'rule'), surface: textOf(form, 'surface'), reason: textOf(form, 'reason'), until };
    return answerOf(api.POST('/v1/exceptions', { body: { ...wish, ...(application === '' ? {} : { application }) } }));
  };
  return (
    <PanelForm
      title={t('exceptions.ask')}
      intro={t('exceptions.intro')}
      submit={t('policies.ask')}
      said={t('policies.askedNow')}
      refresh={['exceptions']}
      fields={['rule', 'surface', 'application', 'until', 'reason']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="rule" label={t('exceptions.rule')} hint={t('exceptions.ruleHint')} isMono isRequired />
      <TextField name="surface" label={t('exceptions.surface')} isMono isRequired />
      <TextField name="application" label={t('exceptions.application')} hint={t('exceptions.everyApplication')} isMono />
      <TextField name="until" type="datetime-local" label={t('exceptions.until')} isRequired />
      <AreaField name="reason" label={t('exceptions.reason')} isRequired />
    </PanelForm>
  );
}
