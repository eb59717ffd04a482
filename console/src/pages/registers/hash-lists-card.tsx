import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { download, sendFile } from '../../api/files.ts';
import type { HashList } from '../../api/managed.ts';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Ago } from '../../parts/time.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { CATEGORIES } from '../../words/categories.ts';
import { useWords } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { ChoiceField, FileField, TextField } from '../manage/fields.tsx';
import { PanelForm } from '../manage/panel-form.tsx';
import { filesOf, said, textOf } from '../manage/read-form.ts';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';

const FORMATS = ['csv', 'jsonl', 'txt', 'threatexchange', 'stopncii', 'ncmec'] as const;
const FIELDS = ['name', 'format', 'category', 'on_bad_row', 'signature'];

/** Lists of known content: hashes alone, never pictures. */
export function HashListsCard() {
  const { t, number, named } = useWords();
  const lists = useQuery(managed.hashLists());
  const mayWrite = useMay('registers.write');
  const [isAdding, setAdding] = useState(false);
  const [going, setGoing] = useState<HashList | null>(null);
  const remove = useAct(async (name: string) => answerOf(api.DELETE('/v1/hash-lists/{name}', { params: { path: { name } } })), {
    refresh: ['hash-lists'],
  });
  const take = useAct(async (name: string) => download(`/v1/hash-lists/${encodeURIComponent(name)}/rows`, `${name}.csv`), { refresh: [] });
  return (
    <>
      <RegisterCard
        title={t('registries.hashLists')}
        intro={t('hashList.intro')}
        query={lists}
        none={t('hashList.none')}
        rowKey={({ name }) => name}
        add={mayWrite ? { label: t('hashList.import'), onClick: () => setAdding(true) } : undefined}
        columns={[
          {
            title: t('hashList.name'),
            cell: ({ name, is_signed }) => (
              <>
                <strong>{name}</strong> {is_signed === true && <span className="chip good">{t('hashList.signed')}</span>}
              </>
            ),
          },
          {
            title: t('hashList.hashes'),
            cell: ({ counts }) =>
              Object.entries(counts)
                .filter(([, count]) => typeof count === 'number' && count > 0)
                .map(([kind, count]) => `${number(count)} ${named('hash', kind)}`)
                .join(', ') || '0',
          },
          { title: t('hashList.source'), isExtra: true, cell: ({ source }) => named('hashSource', source) },
          { title: t('column.added'), isExtra: true, cell: ({ imported_at }) => imported_at !== undefined && <Ago at={imported_at} /> },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (list) =>
              list.source === 'import' && (
                <>
                  <Button tone="quiet" onClick={() => take.mutate(list.name)}>
                    {t('hashList.export')}
                  </Button>
                  {mayWrite && (
                    <Button tone="quiet" onClick={() => setGoing(list)}>
                      {t('manage.remove')}
                    </Button>
                  )}
                </>
              ),
          },
        ]}
      />
      {isAdding && <ImportForm onClose={() => setAdding(false)} />}
      {going !== null && (
        <Confirm
          title={t('hashList.remove')}
          text={t('hashList.removeText', { name: going.name })}
          confirm={t('manage.remove')}
          typed={going.name}
          onConfirm={() => remove.mutate(going.name)}
          onClose={() => setGoing(null)}
        />
      )}
    </>
  );
}

function ImportForm({ onClose }: { readonly onClose: () => void }) {
  const { t, named } = useWords();
  const send = async (form: FormData) => {
    const [file] = filesOf(form, 'file');
    const query = new URLSearchParams();
    for (const name of ['format', 'category', 'on_bad_row', 'signature'])
      for (const value of Object.values(said({ value: textOf(form, name) }))) query.set(name, String(value));
    return sendFile(`/v1/hash-lists/${encodeURIComponent(textOf(form, 'name'))}?${query}`, file ?? new File([], 'empty'));
  };
  return (
    <PanelForm
      title={t('hashList.import')}
      intro={t('hashList.importText')}
      submit={t('hashList.import')}
      fields={FIELDS}
      refresh={['hash-lists']}
      onSend={send}
      onClose={onClose}
    >
      <TextField name="name" label={t('hashList.name')} hint={t('manage.plainName')} isMono isRequired />
      <FileField name="file" label={t('hashList.file')} isRequired />
      <ChoiceField name="format" label={t('hashList.format')} options={FORMATS.map((one) => [one, named('listFormat', one)])} />
      <ChoiceField
        name="category"
        label={t('hashList.category')}
        hint={t('hashList.categoryHint')}
        options={[['', '–'], ...CATEGORIES.map((one) => [one, t(`category.${one}`)] as const)]}
      />
      <ChoiceField
        name="on_bad_row"
        label={t('hashList.badRow')}
        options={[
          ['reject', t('hashList.badRow.reject')],
          ['skip', t('hashList.badRow.skip')],
        ]}
      />
      <TextField name="signature" label={t('hashList.signature')} hint={t('hashList.signatureHint')} isMono />
    </PanelForm>
  );
}
