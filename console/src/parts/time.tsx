import { useWords } from '../words/use-words.tsx';
import { useNow } from './clock.ts';

/** The gateway's clock may be a little ahead of this one's. */
const CLOCKS_DIFFER_MS = 5_000;

/** A moment by its distance from now; the exact time on hover and for machines. */
export function Ago({ at }: { readonly at: string }) {
  const { t, span, date } = useWords();
  const distance = new Date(at).getTime() - useNow();
  return (
    <time dateTime={at} title={date(at)}>
      {distance > CLOCKS_DIFFER_MS ? t('time.in', { span: span(distance) }) : t('time.ago', { span: span(Math.min(0, distance)) })}
    </time>
  );
}

/** A moment as a date; the time of day on hover. */
export function Day({ at }: { readonly at: string }) {
  const { date, day } = useWords();
  return (
    <time dateTime={at} title={date(at)}>
      {day(at)}
    </time>
  );
}
