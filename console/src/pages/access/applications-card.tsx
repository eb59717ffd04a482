import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Application } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { RegisterCard } from '../manage/register-card.tsx';
import { ApplicationForm } from './application-form.tsx';
import { ClaimKeys } from './claim-keys.tsx';

type Open =
  | { readonly what: 'change'; readonly application: Application | null }
  | { readonly what: 'claims'; readonly application: Application }
  | null;

/** Products of the platform: their keys, and whether what they say of their users is believed. */
export function ApplicationsCard() {
  const { t, span } = useWords();
  const applications = useQuery(managed.applications());
  const mayWrite = useMay('keys.write');
  const [open, setOpen] = useState<Open>(null);
  return (
    <>
      <RegisterCard
        title={t('app.title')}
        intro={t('app.intro')}
        query={applications}
        none={t('app.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('app.add'), onClick: () => setOpen({ what: 'change', application: null }) } : undefined}
        columns={[
          {
            title: t('app.application'),
            cell: ({ id, name }) => (
              <>
                <strong>
                  <UserText text={name} />
                </strong>{' '}
                <span className="mono small soft">{id}</span>
              </>
            ),
          },
          { title: t('app.surfaces'), cell: ({ surfaces }) => (surfaces === null ? t('app.allSurfaces') : surfaces.join(', ')) },
          {
            title: t('app.claims'),
            isExtra: true,
            cell: ({ claims: { required, max_age_seconds } }) =>
              `${required ? t('app.claimsRequired') : t('app.claimsOptional')} · ${span(max_age_seconds * 1000)}`,
          },
          {
            title: t('column.status'),
            cell: ({ stopped_at }) =>
              stopped_at === null ? (
                <span className="chip good">{t('key.active')}</span>
              ) : (
                <span className="chip bad">{t('app.stopped')}</span>
              ),
          },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (application) => (
              <>
                <Button tone="quiet" onClick={() => setOpen({ what: 'claims', application })}>
                  {t('claimKey.title')}
                </Button>
                {mayWrite && (
                  <Button tone="quiet" onClick={() => setOpen({ what: 'change', application })}>
                    {t('manage.change')}
                  </Button>
                )}
              </>
            ),
          },
        ]}
      />
      {open?.what === 'change' && <ApplicationForm application={open.application} onClose={() => setOpen(null)} />}
      {open?.what === 'claims' && <ClaimKeys application={open.application.id} onClose={() => setOpen(null)} />}
    </>
  );
}
