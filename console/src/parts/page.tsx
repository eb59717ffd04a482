import { type ReactNode, useEffect, useRef } from 'react';

/** The frame of every page but the case: its title, what can be done, its content. The title gets the focus when the page comes. */
export function Page({
  title,
  intro,
  actions,
  children,
}: {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · Imprimatur`;
    main.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <main id="main" ref={main} tabIndex={-1} className="page">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {intro !== undefined && <p className="soft">{intro}</p>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
