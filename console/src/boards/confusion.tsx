import { useWords } from '../words/use-words.tsx';

interface ConfusionProps {
  readonly title: string;
  readonly labels: readonly string[];
  readonly rows: readonly (readonly number[])[];
}

/** Who said what against whom. Off the diagonal, darker is more; the numbers carry the meaning. */
export function Confusion({ title, labels, rows }: ConfusionProps) {
  const { named, number } = useWords();
  const most = Math.max(1, ...rows.flatMap((row, index) => row.filter((_, column) => column !== index)));
  return (
    <table className="confusion">
      <caption>{title}</caption>
      <thead>
        <tr>
          <td />
          {labels.map((label) => (
            <th key={label} scope="col">
              {named('decision', label)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={labels[index]}>
            <th scope="row">{named('decision', labels[index] ?? '')}</th>
            {row.map((count, column) => (
              <td key={labels[column]} className={column === index ? 'same' : `shade-${Math.round((count / most) * 3)}`}>
                {number(count)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
