import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { useSay } from '../parts/problem.tsx';
import { CATEGORIES } from '../words/categories.ts';
import { useWords } from '../words/use-words.tsx';

/** Nobody is shown what is suspected to be child abuse material without being cleared for it; files that attack are no sight. */
const KINDS = CATEGORIES.filter((one) => one !== 'sexual_minors' && one !== 'unsafe_file');

/** Kinds of harm that somebody would rather not see, and how much they have seen. Nothing is shown where the gateway does not keep it. */
export function WelfareSettings() {
  const { t, named, number, date } = useWords();
  const cache = useQueryClient();
  const welfare = useQuery({ ...queries.welfare(), retry: false });
  const change = useMutation({
    mutationFn: async (opt_outs: string[]) => answerOf(api.PUT('/v1/me/welfare', { body: { opt_outs } })),
    onError: useSay(),
    onSettled: () => Promise.all([cache.invalidateQueries({ queryKey: ['welfare'] }), cache.invalidateQueries({ queryKey: ['queues'] })]),
  });
  if (welfare.data === undefined) return null;
  const { opt_outs: saved, budgets, week, blocked = [] } = welfare.data;
  const chosen = change.isPending ? change.variables : saved;
  return (
    <section className="card whole">
      <h2>{t('welfare.title')}</h2>
      <p className="soft small">{t('welfare.text')}</p>
      <div className="two-columns">
        {KINDS.map((kind) => (
          <label key={kind} className="check">
            <input
              type="checkbox"
              checked={chosen.includes(kind)}
              disabled={change.isPending}
              onChange={() => change.mutate(chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind])}
            />
            <span>{t(`category.${kind}`)}</span>
          </label>
        ))}
      </div>
      <h3>{t('welfare.seen')}</h3>
      <ul className="rows small">
        {budgets.map(({ category, today, budget }) => (
          <li key={category}>
            <span>{category === 'all' ? t('welfare.all') : named('category', category)}</span>
            <span className="numbers">
              {budget === null ? number(today) : t('exposure.of', { today: number(today), budget: number(budget) })}
            </span>
          </li>
        ))}
        {week !== undefined && (
          <li>
            <span>{t('welfare.week')}</span>
            <span className="numbers">{t('exposure.of', { today: number(week.seen), budget: number(week.budget) })}</span>
          </li>
        )}
        {blocked
          .filter(({ because }) => because !== 'opt_out')
          .map(({ category, because, resumes_at }) => (
            <li key={category}>
              <span>{named('category', category)}</span>
              <span className="soft">
                {named('blocked', because)}
                {resumes_at !== null && ` · ${t('kill.until')} ${date(resumes_at)}`}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
