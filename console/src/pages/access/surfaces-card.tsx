import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import type { Surface } from '../../api/watched.ts';
import { Button } from '../../parts/button.tsx';
import { UserText } from '../../parts/user-text.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords } from '../../words/use-words.tsx';
import { TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';

/** Where pictures are shown: those of the configuration, and those that were added here. */
export function SurfacesCard() {
  const { t, named } = useWords();
  const surfaces = useQuery(managed.surfaces());
  const mayWrite = useMay('keys.write');
  const [open, setOpen] = useState<Surface | 'new' | null>(null);
  return (
    <>
      <RegisterCard
        title={t('surface.title')}
        intro={t('surface.intro')}
        query={surfaces}
        none={t('registries.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('surface.add'), onClick: () => setOpen('new') } : undefined}
        columns={[
          {
            title: t('key.surface'),
            cell: ({ id, name }) => (
              <>
                <strong>
                  <UserText text={name} />
                </strong>{' '}
                <span className="mono small soft">{id}</span>
              </>
            ),
          },
          { title: t('hashList.source'), cell: ({ source }) => named('limits.source', source) },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (surface) =>
              mayWrite &&
              surface.source !== 'config' && (
                <Button tone="quiet" onClick={() => setOpen(surface)}>
                  {t('manage.change')}
                </Button>
              ),
          },
        ]}
      />
      {open !== null && (
        <PanelForm
          title={open === 'new' ? t('surface.add') : t('surface.change')}
          submit={t('state.save')}
          fields={['id', 'name']}
          refresh={['surfaces']}
          onSend={async (form) => {
            const id = open === 'new' ? textOf(form, 'id') : open.id;
            return answerOf(api.PUT('/v1/surfaces/{id}', { params: { path: { id } }, body: { name: textOf(form, 'name') } }));
          }}
          onClose={() => setOpen(null)}
        >
          {open === 'new' && <TextField name="id" label={t('app.id')} hint={t('manage.plainName')} isMono isRequired />}
          <TextField name="name" label={t('key.name')} value={open === 'new' ? undefined : open.name} isRequired />
        </PanelForm>
      )}
    </>
  );
}
