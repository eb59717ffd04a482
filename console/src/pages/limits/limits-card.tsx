import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answerOf, api } from '../../api/client.ts';
import { managed } from '../../api/managed-queries.ts';
import type { Limit } from '../../api/watched.ts';
import { Button } from '../../parts/button.tsx';
import { useMay } from '../../shell/signed-in.tsx';
import { useWords, type Words } from '../../words/use-words.tsx';
import { Confirm } from '../manage/confirm.tsx';
import { RegisterCard } from '../manage/register-card.tsx';
import { useAct } from '../manage/use-act.ts';
import { LimitForm } from './limit-form.tsx';
import { LimitUse } from './limit-use.tsx';

type Open = { readonly what: 'change'; readonly limit: Limit | null } | { readonly what: 'remove'; readonly limit: Limit } | null;

/** The rules of how much: by configuration, which is changed there, or set here. */
export function LimitsCard() {
  const words = useWords();
  const { t, number, named } = words;
  const limits = useQuery(managed.limits({}));
  const mayWrite = useMay('limits.write');
  const [open, setOpen] = useState<Open>(null);
  const remove = useAct(
    async ({ id, version }: Limit) =>
      answerOf(api.DELETE('/v1/limits/{id}', { params: { path: { id }, query: { version: String(version) } } })),
    { refresh: ['limits'] },
  );
  return (
    <>
      <RegisterCard
        title={t('limits.title')}
        intro={t('limits.text')}
        query={limits}
        none={t('limits.none')}
        rowKey={({ id }) => id}
        add={mayWrite ? { label: t('limits.add'), onClick: () => setOpen({ what: 'change', limit: null }) } : undefined}
        columns={[
          { title: t('limits.limit'), cell: ({ id }) => <strong className="mono">{id}</strong> },
          {
            title: t('limits.amount'),
            isNumber: true,
            cell: ({ limit, what }) => `${number(limit)} ${named('limits.what', what)}`,
          },
          { title: t('limits.window'), cell: ({ window }) => windowIn(words, window) },
          { title: t('limits.per'), cell: ({ per }) => per.map((one) => named('dimension', one)).join(' × ') || '–' },
          { title: t('limits.when'), isExtra: true, cell: ({ when }) => whereIn(words, when) },
          { title: t('hashList.source'), isExtra: true, cell: ({ source }) => named('limits.source', source) },
          {
            title: t('column.actions'),
            isActions: true,
            cell: (limit) =>
              mayWrite &&
              limit.source !== 'config' && (
                <>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'change', limit })}>
                    {t('manage.change')}
                  </Button>
                  <Button tone="quiet" onClick={() => setOpen({ what: 'remove', limit })}>
                    {t('manage.remove')}
                  </Button>
                </>
              ),
          },
        ]}
      />
      {limits.data !== undefined && limits.data.length > 0 && <LimitUse />}
      {open?.what === 'change' && <LimitForm limit={open.limit} onClose={() => setOpen(null)} />}
      {open?.what === 'remove' && (
        <Confirm
          title={t('limits.remove')}
          text={t('limits.removeText')}
          confirm={t('manage.remove')}
          typed={open.limit.id}
          onConfirm={() => remove.mutate(open.limit)}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function windowIn({ t, span, named }: Words, window: number | string): string {
  if (typeof window === 'string') return named('limits.window', window);
  if (window === 60) return t('limits.window.60');
  return window === 3600 ? t('limits.window.3600') : span(window * 1000);
}

function whereIn({ t, named }: Words, when: Limit['when']): string {
  const parts = Object.entries(when).map(([name, value]) => {
    const said = name === 'operation' ? named('operation', String(value)) : String(value);
    return value === true ? named('dimension', name) : `${named('dimension', name)} ${said}`;
  });
  return parts.length === 0 ? t('limits.everywhere') : parts.join(', ');
}
