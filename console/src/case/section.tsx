import type { ReactNode, Ref } from 'react';

/** A part of a side column: always open, with its title. */
export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }) {
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

interface FoldProps {
  readonly title: string;
  /** What one learns without opening it. */
  readonly gist?: ReactNode;
  readonly isOpen?: boolean;
  readonly element?: Ref<HTMLDetailsElement>;
  readonly children: ReactNode;
}

/** A part of a side column that opens on demand; closed, it still says what is in it. */
export function Fold({ title, gist, isOpen = false, element, children }: FoldProps) {
  return (
    <details className="panel fold" open={isOpen} ref={element}>
      <summary>
        <h2>{title}</h2>
        {gist !== undefined && <span className="gist">{gist}</span>}
      </summary>
      <div className="fold-body">{children}</div>
    </details>
  );
}
