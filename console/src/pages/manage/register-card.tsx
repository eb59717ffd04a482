import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentProps, ReactNode } from 'react';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useWords } from '../../words/use-words.tsx';

interface RegisterCardProps<Line> {
  readonly title: string;
  readonly intro: string;
  readonly query: UseQueryResult<readonly Line[]>;
  readonly columns: ComponentProps<typeof Table<Line>>['columns'];
  readonly rowKey: (line: Line) => string;
  /** What an empty list means. */
  readonly none: string;
  /** What the button says that adds one; none where the reader may not. */
  readonly add?: { readonly label: string; readonly onClick: () => void } | undefined;
  readonly children?: ReactNode;
}

/** A list with what it is for, how many there are, and the button that adds one. Every list of the console looks like this. */
export function RegisterCard<Line>({ title, intro, query, columns, rowKey, none, add, children }: RegisterCardProps<Line>) {
  const { number } = useWords();
  return (
    <section className="card register">
      <header className="card-head">
        <h2>
          {title} {query.data !== undefined && query.data.length > 0 && <span className="count numbers">{number(query.data.length)}</span>}
        </h2>
        {add !== undefined && (
          <Button icon="plus" onClick={add.onClick}>
            {add.label}
          </Button>
        )}
      </header>
      <p className="small soft">{intro}</p>
      <Loaded query={query}>
        {(lines) =>
          lines.length === 0 ? <p className="none soft">{none}</p> : <Table label={title} rows={lines} rowKey={rowKey} columns={columns} />
        }
      </Loaded>
      {children}
    </section>
  );
}
