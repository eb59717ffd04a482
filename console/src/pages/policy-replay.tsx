import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Change, Replay } from '../api/answers.ts';
import { queries } from '../api/queries.ts';
import { shortId } from '../parts/short-id.ts';
import { Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';

const SPANS = ['1', '7', '30', '90'] as const;

/** What a policy would have decided on what was found lately. */
export function PolicyReplay({ digest }: { readonly digest: string }) {
  const { t } = useWords();
  const [days, setDays] = useState<string>('7');
  const replay = useQuery({ ...queries.replay(digest, days), retry: false, staleTime: 60_000 });
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('policies.replay')}</h2>
        <label className="small soft">
          {t('policies.days')}{' '}
          <select className="input" value={days} onChange={(event) => setDays(event.target.value)}>
            {SPANS.map((span) => (
              <option key={span}>{span}</option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={replay}>{(result) => <Result replay={result} />}</Loaded>
    </section>
  );
}

function Result({ replay }: { readonly replay: Replay }) {
  const { t, named, number, date } = useWords();
  const { total, same, changed, untold, lacking, from, to: until } = replay;
  if (total === 0) return <p className="soft">{t('policies.nothingYet')}</p>;
  return (
    <>
      <p>
        <strong>{t('policies.same', { same: number(same), total: number(total) })}</strong>{' '}
        <span className="small soft">
          {date(from)} – {date(until)}
        </span>
      </p>
      {untold > 0 && (
        <p className="small soft">
          {t('policies.untold', { n: untold })}
          {lacking.length > 0 && `: ${t('policies.lacking', { checks: lacking.map(({ check }) => named('check', check)).join(', ') })}`}
        </p>
      )}
      {changed.length === 0 ? <p className="soft">{t('policies.allSame')}</p> : <Changes changed={changed} />}
    </>
  );
}

function Changes({ changed }: { readonly changed: readonly Change[] }) {
  const { t, named, number } = useWords();
  const about = ({ categories, regions }: Change) => [
    ...categories.map(({ category, count }) => `${named('category', category)} ${number(count)}`),
    ...regions.map(({ region, count }) => `${region} ${number(count)}`),
  ];
  return (
    <Table
      label={t('policies.replay')}
      rows={changed}
      rowKey={(row) => row.stage + row.from + row.to}
      columns={[
        {
          title: t('policies.change'),
          cell: (row) => (
            <>
              {named('verdict', row.from)} → <strong>{named('verdict', row.to)}</strong>{' '}
              <span className="small soft">{named('verdictStage', row.stage)}</span>
            </>
          ),
        },
        { title: t('policies.decisions'), cell: (row) => number(row.count), isNumber: true },
        { title: t('policies.where'), cell: (row) => <span className="small">{about(row).join(' · ')}</span>, isExtra: true },
        {
          title: t('policies.examples'),
          cell: ({ examples }) => (
            <span className="small mono examples">
              {examples.map((id) => (
                <Link key={id} href={to.search(id)}>
                  {shortId(id)}
                </Link>
              ))}
            </span>
          ),
          isExtra: true,
        },
      ]}
    />
  );
}
