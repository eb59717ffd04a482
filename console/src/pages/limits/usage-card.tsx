import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { download } from '../../api/files.ts';
import { managed } from '../../api/managed-queries.ts';
import type { UsageLine } from '../../api/watched.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { TextField } from '../manage/fields.tsx';
import { textOf } from '../manage/read-form.ts';
import { useAct } from '../manage/use-act.ts';

const FORMATS = [
  ['csv', 'CSV', 'csv'],
  ['json', 'JSON', 'json'],
  ['cloudevents', 'CloudEvents', 'cloudevents.json'],
] as const;
const DAY_MS = 86_400_000;
const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** What was used in some days, by application and model, and the same as a file for the bill. Days are UTC. */
export function UsageCard() {
  const { t, number } = useWords();
  const [range, setRange] = useState(() => ({ from: dayBefore(6), to: dayBefore(0) }));
  const usage = useQuery(managed.usage(range.from, range.to));
  const take = useAct(
    async ({ format, ending }: { format: string; ending: string }) =>
      download(`/v1/usage?from=${range.from}&to=${range.to}&format=${format}`, `usage-${range.from}-${range.to}.${ending}`),
    { refresh: [] },
  );
  const counted = (count: number | null) => (count === null ? '–' : number(count));
  return (
    <section className="card register">
      <header className="card-head">
        <h2>{t('usage.title')}</h2>
        <div className="actions">
          {FORMATS.map(([format, name, ending]) => (
            <Button key={format} icon="download" onClick={() => take.mutate({ format, ending })} title={`${t('usage.export')} ${name}`}>
              {name}
            </Button>
          ))}
        </div>
      </header>
      <p className="small soft">{t('usage.text')}</p>
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          setRange({ from: textOf(form, 'from'), to: textOf(form, 'to') });
        }}
      >
        <TextField name="from" label={t('usage.from')} type="date" value={range.from} max={dayBefore(0)} isRequired />
        <TextField name="to" label={t('usage.to')} type="date" value={range.to} max={dayBefore(0)} isRequired />
        <Button type="submit">{t('limits.look')}</Button>
      </form>
      <Loaded query={usage}>
        {({ data, open, closed_through }) => {
          const sums = summed([...data, ...(open ?? [])]);
          if (sums.length === 0) return <p className="none soft">{t('usage.none')}</p>;
          return (
            <>
              <Table
                label={t('usage.title')}
                rows={sums}
                rowKey={({ application, model }) => `${application} ${model}`}
                columns={[
                  { title: t('key.application'), cell: ({ application }) => <span className="mono">{application}</span> },
                  { title: t('usage.model'), cell: ({ model }) => <span className="mono">{model}</span> },
                  { title: t('user.generations'), isNumber: true, cell: ({ requests }) => number(requests) },
                  { title: t('usage.pictures'), isNumber: true, cell: ({ pictures }) => number(pictures) },
                  { title: t('user.refused'), isNumber: true, isExtra: true, cell: ({ refused }) => number(refused) },
                  { title: t('user.held'), isNumber: true, isExtra: true, cell: ({ held }) => number(held) },
                  { title: t('usage.reviews'), isNumber: true, isExtra: true, cell: ({ reviews }) => number(reviews) },
                  { title: t('usage.cost'), isNumber: true, cell: ({ cost_units }) => counted(cost_units) },
                ]}
              />
              {open !== null && open.length > 0 && closed_through !== null && (
                <p className="small soft">{t('usage.provisional', { day: closed_through })}</p>
              )}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

type Sum = Omit<UsageLine, 'day' | 'kind'>;

/** Days, surfaces, sizes and corrections are added up; a cost that nobody set stays unknown. */
function summed(lines: readonly UsageLine[]): readonly Sum[] {
  const sums = new Map<string, Sum>();
  for (const line of lines) {
    const key = `${line.application} ${line.model}`;
    const before = sums.get(key);
    sums.set(
      key,
      before === undefined
        ? line
        : {
            application: line.application,
            model: line.model,
            requests: before.requests + line.requests,
            pictures: before.pictures + line.pictures,
            refused: before.refused + line.refused,
            held: before.held + line.held,
            reviews: before.reviews + line.reviews,
            cost_units: before.cost_units === null || line.cost_units === null ? null : before.cost_units + line.cost_units,
          },
    );
  }
  return [...sums.values()].sort((a, b) => b.pictures - a.pictures);
}
