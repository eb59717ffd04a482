import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import type { OptOut } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Day } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { AreaField, ChecksField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { linesIn, manyOf, momentOf, said, textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';

const MATTERS = ['style', 'name', 'works', 'training'] as const;
const FIELDS = ['name', 'aliases', 'what', 'works', 'reference', 'expires_at'];

/** Artists and rights-holders who want their name, style or works left alone. */
export function OptOutsCard() {
  const { t, named } = useWords();
  const optOuts = useQuery(managed.optOuts());
  const mayWrite = useMay('registers.write');
  const [isAdding, setAdding] = useState(false);
  const [going, setGoing] = useState<OptOut | null>(null);
  const remove = useAct(async (id: string) => answerOf(api.DELETE('/v1/opt-outs/{id}', { params: { path: { id } } })), {
    refresh: ['opt-outs'],
  });
  return (
    <>
      <RegisterCard
        title={t('registries.optOuts')}
        intro={t('optOut.intro')}
        query={optOuts}
        none={t('optOut.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('optOut.add'), onClick: () => setAdding(true) } : undefined}
        columns={[
          {
            title: t('optOut.who'),
            cell: ({ name, aliases }) => (
              <>
                <strong>
                  <UserText text={name} />
                </strong>
                {aliases.length > 0 && (
                  <span className="small soft">
                    {' '}
                    <UserText text={aliases.join(', ')} />
                  </span>
                )}
              </>
            ),
          },
          { title: t('optOut.what'), cell: ({ what }) => what.map((one) => named('matter', one)).join(', ') },
          { title: t('optOut.reference'), isExtra: true, cell: ({ reference }) => <UserText text={reference} /> },
          { title: t('manage.expires'), isExtra: true, cell: ({ expires_at }) => (expires_at === null ? '–' : <Day at={expires_at} />) },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (line) =>
              mayWrite && (
                <Button tone="quiet" onClick={() => setGoing(line)}>
                  {t('manage.remove')}
                </Button>
              ),
          },
        ]}
      />
      {isAdding && <OptOutForm onClose={() => setAdding(false)} />}
      {going !== null && (
        <Confirm
          title={t('optOut.remove')}
          text={t('optOut.removeText', { name: going.name })}
          confirm={t('manage.remove')}
          onConfirm={() => remove.mutate(going.id)}
          onClose={() => setGoing(null)}
        />
      )}
    </>
  );
}

function OptOutForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const send = async (form: FormData) =>
    answerOf(
      api.POST('/v1/opt-outs', {
        body: {
          name: textOf(form, 'name'),
          aliases: linesIn(form, 'aliases'),
          works: linesIn(form, 'works'),
          what: manyOf(form, 'what'),
          reference: textOf(form, 'reference'),
          ...said({ expires_at: momentOf(form, 'expires_at') }),
        },
      }),
    );
  return (
    <PanelForm title={t('optOut.add')} submit={t('optOut.add')} fields={FIELDS} refresh={['opt-outs']} onSend={send} onClose={onClose}>
      <TextField name="name" label={t('optOut.who')} isRequired />
      <AreaField name="aliases" label={t('optOut.aliases')} hint={t('manage.onePerLine')} rows={2} />
      <ChecksField
        name="what"
        label={t('optOut.what')}
        options={MATTERS.map((one) => [one, t(`matter.${one}`)])}
        value={['style', 'name']}
      />
      <AreaField name="works" label={t('optOut.works')} hint={t('optOut.worksHint')} rows={3} />
      <TextField name="reference" label={t('optOut.reference')} hint={t('optOut.referenceHint')} isRequired />
      <TextField name="expires_at" label={t('manage.expires')} type="date" />
    </PanelForm>
  );
}
