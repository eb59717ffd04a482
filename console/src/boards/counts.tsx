import { useWords } from '../words/use-words.tsx';

interface CountsProps {
  readonly title: string;
  /** Where the words for the names are; null: names that an operator chose, shown as they are. */
  readonly prefix: string | null;
  readonly lines: readonly { readonly name: string; readonly count: number; readonly previous: number }[];
}

/** Counts as bars, with the change against the time before. */
export function Counts({ title, prefix, lines }: CountsProps) {
  const { t, named, number, percent } = useWords();
  const most = Math.max(1, ...lines.map(({ count }) => count));
  const change = (count: number, previous: number) =>
    previous === 0 ? '' : `${count >= previous ? '+' : '−'}${percent(Math.abs(count - previous) / previous)}`;
  return (
    <section className="card">
      <h2>{title}</h2>
      {lines.length === 0 && <p className="soft">{t('state.nothing')}</p>}
      <ul className="counts">
        {lines.map(({ name, count, previous }) => (
          <li key={name}>
            <span>{prefix === null ? name : named(prefix, name)}</span>
            <span className="bar-meter wide" aria-hidden="true">
              <span style={{ inlineSize: `${(count / most) * 100}%` }} />
            </span>
            <span className="numbers">{number(count)}</span>
            <span className="numbers small soft">{change(count, previous)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
