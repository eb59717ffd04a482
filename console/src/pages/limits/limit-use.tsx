import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { managed } from '../../api/managed-queries.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useWords } from '../../words/use-words.tsx';
import { TextField } from '../manage/fields.tsx';
import { said, textOf } from '../manage/read-form.ts';

const FROM = 0.8;

/** What is used of each limit now, by an application or one of its users. */
export function LimitUse() {
  const { t, number, date, named } = useWords();
  const [of, setOf] = useState<{ application?: string; user?: string } | null>(null);
  const limits = useQuery({ ...managed.limits(of ?? {}), enabled: of !== null });
  return (
    <section className="card">
      <h2>{t('limits.use')}</h2>
      <p className="small soft">{t('limits.useText')}</p>
      <form
        className="filter"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          setOf(said({ application: textOf(form, 'application'), user: textOf(form, 'user') }));
        }}
      >
        <TextField name="application" label={t('key.application')} isMono />
        <TextField name="user" label={t('limits.user')} isMono />
        <Button type="submit">{t('limits.look')}</Button>
      </form>
      {of !== null && (
        <Loaded query={limits}>
          {(lines) => (
            <ul className="counts uses">
              {lines.flatMap(({ id, what, limit, use }) =>
                use === undefined
                  ? []
                  : [
                      <li key={id}>
                        <span>
                          <strong className="mono">{id}</strong> <span className="soft">{named('limits.what', what)}</span>
                        </span>
                        <span className={`bar-meter wide${use.used / limit >= FROM ? ' warn' : ''}`} aria-hidden="true">
                          <span style={{ inlineSize: `${Math.min(1, use.used / limit) * 100}%` }} />
                        </span>
                        <span className="numbers">
                          {t('limits.used', { used: number(use.used), limit: number(limit), at: date(use.resets_at) })}
                        </span>
                      </li>,
                    ],
              )}
            </ul>
          )}
        </Loaded>
      )}
    </section>
  );
}
