import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { answerOf, api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Button } from '../parts/button.tsx';
import { countdown, useNow } from '../parts/clock.ts';
import { to } from '../routes.ts';
import { useMe } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';

const LONGER = [5, 15, 30] as const;

/** Nothing to look at, on purpose. Coming here begins a break: the gateway gives out no case until it is over. */
export function BreakPage() {
  const { t, date } = useWords();
  const [, navigate] = useLocation();
  const cache = useQueryClient();
  const me = useMe();
  const welfare = useQuery({ ...queries.welfare(), retry: false });
  const [isBegun, setBegun] = useState(false);
  const refresh = () => Promise.all(['welfare', 'queues', 'me'].map((name) => cache.invalidateQueries({ queryKey: [name] })));
  const begin = useMutation({
    mutationFn: async (minutes: number | null) => answerOf(api.POST('/v1/me/breaks', { body: minutes === null ? {} : { minutes } })),
    onSettled: refresh,
  });
  const end = useMutation({
    mutationFn: async () => answerOf(api.DELETE('/v1/me/breaks')),
    onSettled: async () => {
      await refresh();
      navigate(to.queues());
    },
  });
  // One that runs already is not begun again: coming back here would make it longer.
  const hasAsked = useRef(false);
  useEffect(() => {
    if (welfare.data === undefined || hasAsked.current) return;
    hasAsked.current = true;
    if (welfare.data.break === null || welfare.data.break === undefined) begin.mutate(null);
    setBegun(true);
  }, [welfare.data, begin]);
  const until = welfare.data?.break?.until ?? null;
  const resumesAt = me.exposure?.resumes_at ?? null;
  return (
    <main id="main" className="break" tabIndex={-1}>
      <svg viewBox="0 0 120 120" width="160" height="160" aria-hidden="true">
        <circle className="breath" cx="60" cy="60" r="34" />
        <circle className="still" cx="60" cy="60" r="52" />
      </svg>
      <h1>{t('break.title')}</h1>
      {until !== null && <Left until={until} />}
      <p className="soft">{t('break.breathe')}</p>
      <p className="soft" role="status">
        {until !== null && t('break.until', { at: date(until) })}
        {until === null && begin.isError && t('break.notKept')}
        {until === null && !begin.isError && isBegun && !begin.isPending && t('break.over')}
      </p>
      <p className="soft">{until !== null || resumesAt === null ? t('break.text') : t('break.resumes', { at: date(resumesAt) })}</p>
      <div className="actions">
        {LONGER.map((minutes) => (
          <Button key={minutes} onClick={() => begin.mutate(minutes)} isDisabled={begin.isPending}>
            {t('break.minutes', { n: minutes })}
          </Button>
        ))}
      </div>
      <Button tone="primary" onClick={() => (until === null ? navigate(to.queues()) : end.mutate())} isDisabled={end.isPending}>
        {until === null ? t('break.back') : t('break.end')}
      </Button>
    </main>
  );
}

function Left({ until }: { readonly until: string }) {
  const left = new Date(until).getTime() - useNow();
  return (
    <p className="big numbers" aria-hidden="true">
      {countdown(Math.max(0, left))}
    </p>
  );
}
