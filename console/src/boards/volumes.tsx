import type { Operations } from '../api/board-answers.ts';
import { useWords } from '../words/use-words.tsx';

type Point = NonNullable<Operations['volumes']>['points'][number];
const SERIES = ['generations', 'refused', 'held', 'released', 'blocked'] as const;

/** Each series on its own scale: small multiples say when something changed, not which is bigger. */
export function Volumes({ points }: { readonly points: readonly Point[] }) {
  const { t, number, date } = useWords();
  const [first, last] = [points[0], points.at(-1)];
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('operations.volumes')}</h2>
        {first !== undefined && last !== undefined && (
          <span className="small soft numbers">
            {date(first.at)} – {date(last.at)}
          </span>
        )}
      </header>
      <ul className="multiples">
        {SERIES.map((name) => {
          const values = points.map((point) => point[name]);
          const total = values.reduce((sum, value) => sum + value, 0);
          return (
            <li key={name}>
              <span className="small soft">{t(`series.${name}`)}</span>
              <strong className="numbers">{number(total)}</strong>
              <Bars label={`${t(`series.${name}`)}: ${values.map((value) => number(value)).join(', ')}`} values={values} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Bars({ label, values }: { readonly label: string; readonly values: readonly number[] }) {
  const top = Math.max(1, ...values);
  const width = 192 / Math.max(1, values.length);
  return (
    <svg className="bars" viewBox="0 0 192 40" preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its hour.
        <rect key={index} x={index * width} width={Math.max(1, width - 1.5)} y={40 - (value / top) * 40} height={(value / top) * 40} />
      ))}
    </svg>
  );
}
