import type { ReactNode } from 'react';
import { useAction } from '../keys/dispatch.ts';

interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
  /** Left out where the screen is narrow. */
  readonly isExtra?: boolean;
  /** Buttons of the row; its title is for screen readers alone. */
  readonly isActions?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
}

/** A plain table that scrolls within itself where it must; a region with a name, so that the keyboard reaches it. */
export function Table<Row>({ label, rows, columns, rowKey }: TableProps<Row>) {
  useAction('rowNext', () => stepRow(1), rows.length > 0);
  useAction('rowPrevious', () => stepRow(-1), rows.length > 0);
  const kind = ({ isNumber = false, isExtra = false, isActions = false }: Column<Row>) =>
    `${isNumber ? 'number' : ''}${isExtra ? ' extra' : ''}${isActions ? ' row-actions' : ''}`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className="table" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" className={kind(column)}>
                {column.isActions === true ? <span className="unseen">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.title} className={kind(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Puts the focus on the first link or button of the next row, whichever table of the page it is in. */
function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll('.table tbody tr')].filter((row) => row.querySelector('a, button') !== null);
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? rows.at(by === 1 ? 0 : -1) : rows[at + by];
  next?.querySelector<HTMLElement>('a, button')?.focus();
}
