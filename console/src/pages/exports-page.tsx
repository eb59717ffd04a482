import { useState } from 'react';
import { download } from '../api/files.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/use-words.tsx';
import { ChoiceField, TextField } from './manage/fields.tsx';
import { momentOf, said, textOf } from './manage/read-form.ts';
import { useAct } from './manage/use-act.ts';

interface Made {
  readonly rows: number;
  readonly cases: number;
  readonly left: readonly (readonly [why: string, count: number])[];
}

/** Decisions of people as training data. What may not leave is left out by the gateway, which says how much that was. */
export function ExportsPage() {
  const { t, named, number } = useWords();
  const [made, setMade] = useState<Made | null>(null);
  const take = useAct(
    async (form: FormData) => {
      const shape = textOf(form, 'form');
      const body = {
        form: shape,
        limit: Number(textOf(form, 'limit')),
        ...said({ from: momentOf(form, 'from'), to: momentOf(form, 'to') }),
      };
      setMade(madeOf(await download('/v1/exports/decisions', `decisions-${shape}.jsonl`, body)));
    },
    { refresh: [], said: t('export.done'), isQuiet: true },
  );
  return (
    <Page title={t('nav.exports')} intro={t('export.intro')}>
      <div className="boards">
        <form
          className="card export"
          onSubmit={(event) => {
            event.preventDefault();
            setMade(null);
            if (!take.isPending) take.mutate(new FormData(event.currentTarget));
          }}
        >
          <h2>{t('export.title')}</h2>
          <p className="small soft">{t('export.text')}</p>
          <div className="field-row">
            <ChoiceField
              name="form"
              label={t('export.form')}
              options={[
                ['labels', t('export.form.labels')],
                ['pairs', t('export.form.pairs')],
              ]}
            />
            <TextField name="from" label={t('export.from')} type="datetime-local" />
            <TextField name="to" label={t('export.to')} type="datetime-local" />
            <TextField name="limit" label={t('export.limit')} type="number" min={1} max={10_000} value={10_000} isRequired />
          </div>
          {take.error !== null && <Problem error={take.error} />}
          <div className="actions">
            <Button type="submit" tone="primary" icon="download" isDisabled={take.isPending}>
              {take.isPending ? t('export.making') : t('export.make')}
            </Button>
          </div>
        </form>
        {made !== null && (
          <section className="card" aria-live="polite">
            <h2>
              <Icon name="check" /> {t('export.result', { rows: made.rows, cases: made.cases })}
            </h2>
            <ul className="small soft">
              {made.left.map(([why, count]) => (
                <li key={why}>
                  {named('export.left', why)}: <span className="numbers">{number(count)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Page>
  );
}

/** The gateway says in headers how many lines there are, and what it left out and why. */
function madeOf(headers: Headers): Made {
  const left = (headers.get('imprimatur-left-out') ?? '').split(', ').flatMap((part) => {
    const [why, count] = part.split('=');
    return why === undefined || count === undefined ? [] : [[why, Number(count)] as const];
  });
  return { rows: Number(headers.get('imprimatur-rows')), cases: Number(headers.get('imprimatur-cases')), left };
}
