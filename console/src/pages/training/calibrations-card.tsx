import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { answerOf, api } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import { Ago } from '../../parts/time.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { to } from '../../routes.ts';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { AreaField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { linesIn, textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';

/** Rounds in which a group decides the same cases, each without the others. */
export function CalibrationsCard() {
  const { t } = useWords();
  const rounds = useQuery(managed.calibrations());
  const mayStart = useMay('quality.manage');
  const [isAdding, setAdding] = useState(false);
  return (
    <>
      <RegisterCard
        title={t('calibration.title')}
        intro={t('calibration.intro')}
        query={rounds}
        none={t('calibration.none')}
        rowKey={({ id }) => id}
        add={mayStart ? { label: t('calibration.start'), onClick: () => setAdding(true) } : undefined}
        columns={[
          {
            title: t('calibration.round'),
            cell: ({ id, title }) => (
              <Link href={to.calibration(id)}>
                <UserText text={title} />
              </Link>
            ),
          },
          { title: t('calibration.people'), isNumber: true, cell: ({ participants }) => participants.length },
          { title: t('calibration.started'), cell: ({ made_at }) => <Ago at={made_at} /> },
          {
            title: t('column.status'),
            cell: ({ revealed_at }) =>
              revealed_at === null ? (
                <span className="chip accent">{t('calibration.running')}</span>
              ) : (
                <span className="chip good">{t('calibration.revealed')}</span>
              ),
          },
        ]}
      />
      {isAdding && <StartForm onClose={() => setAdding(false)} />}
    </>
  );
}

function StartForm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const send = async (form: FormData) =>
    answerOf(
      api.POST('/v1/quality/calibrations', {
        body: { title: textOf(form, 'title'), participants: linesIn(form, 'participants'), cases: linesIn(form, 'cases') },
      }),
    );
  return (
    <PanelForm
      title={t('calibration.start')}
      intro={t('calibration.startText')}
      submit={t('calibration.start')}
      fields={['title', 'participants', 'cases']}
      refresh={['calibrations']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="title" label={t('calibration.round')} isRequired />
      <AreaField name="participants" label={t('calibration.participants')} hint={t('calibration.participantsHint')} rows={4} isRequired />
      <AreaField name="cases" label={t('calibration.cases')} hint={t('calibration.casesHint')} rows={6} isRequired />
    </PanelForm>
  );
}
