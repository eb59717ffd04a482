import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import { Ago } from '../../parts/time.tsx';
import { Who } from '../../parts/who.tsx';
import { to } from '../../routes.ts';
import { useMay } from '../../shell/signed-in.tsx';
import { takedownWords } from '../../words/code-words.ts';
import { useWords } from '../../words/use-words.tsx';
import { TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';

/** Pictures that must not be spread any more. */
export function TakedownsCard() {
  const { t } = useWords();
  const takedowns = useQuery(managed.takedowns());
  const mayWrite = useMay('takedowns.write');
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <RegisterCard
        title={t('takedown.title')}
        intro={t('takedown.intro')}
        query={takedowns}
        none={t('takedown.none')}
        rowKey={({ artifact_id }) => artifact_id}
        add={mayWrite ? { label: t('takedown.add'), onClick: () => setAdding(true) } : undefined}
        columns={[
          {
            title: t('takedown.artifact'),
            cell: ({ artifact_id }) => (
              <Link href={to.search(artifact_id)} className="mono">
                {artifact_id}
              </Link>
            ),
          },
          { title: t('takedown.reason'), cell: ({ reason }) => takedownWords(reason, t) },
          { title: t('column.who'), isExtra: true, cell: ({ by }) => <Who id={by} /> },
          { title: t('column.when'), cell: ({ at }) => <Ago at={at} /> },
        ]}
      />
      {isAdding && (
        <PanelForm
          title={t('takedown.add')}
          intro={t('takedown.addText')}
          submit={t('takedown.add')}
          isGrave
          fields={['artifact_id', 'reason']}
          refresh={['takedowns']}
          onSend={async (form) =>
            answerOf(api.POST('/v1/takedowns', { body: { artifact_id: textOf(form, 'artifact_id'), reason: textOf(form, 'reason') } }))
          }
          onClose={() => setAdding(false)}
        >
          <TextField name="artifact_id" label={t('takedown.artifact')} placeholder="art_…" isMono isRequired />
          <TextField
            name="reason"
            label={t('takedown.reason')}
            hint={t('takedown.reasonHint')}
            pattern="[a-z][a-z0-9\-]{0,62}"
            isMono
            isRequired
          />
        </PanelForm>
      )}
    </>
  );
}
