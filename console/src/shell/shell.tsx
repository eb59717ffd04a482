import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { Link, useLocation } from 'wouter';
import { connection, onConnection } from '../api/connection.ts';
import { useAction } from '../keys/dispatch.ts';
import { Icon } from '../parts/icons.tsx';
import { PLACES, to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { Nav } from './nav.tsx';
import { Palette } from './palette.tsx';

/** What stands around every page: the way past it, the menu, the keyboard's own dialogs, and a word when the gateway is gone. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const [path, navigate] = useLocation();
  const [open, setOpen] = useState<'help' | 'palette' | 'menu' | null>(null);
  const { isReachable } = useSyncExternalStore(onConnection, connection);
  useAction('help', () => setOpen('help'));
  useAction('palette', () => setOpen((now) => (now === 'palette' ? null : 'palette')));
  useAction('search', () => navigate(to.search()));
  useAction('goQueues', () => navigate(to.queues()));
  useAction('goSearch', () => navigate(to.search()));
  useAction('goGates', () => navigate(to.gates()));
  useAction('break', () => navigate(to.break()));
  const isCase = /^\/cases\/[^/]+$/.test(path);
  const place = PLACES.find((one) => one.to !== '/' && path.startsWith(one.to)) ?? PLACES[0];
  return (
    <div className={`shell${isCase ? ' on-case' : ''}`}>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      {!isCase && (
        <header className="phone-bar">
          <button
            type="button"
            className="button quiet icon"
            aria-label={t('nav.menu')}
            aria-expanded={open === 'menu'}
            onClick={() => setOpen(open === 'menu' ? null : 'menu')}
          >
            <Icon name="menu" />
          </button>
          <Link href={to.queues()} className="brand">
            <img src="/console/icon.svg" alt="" width="20" height="20" />
            {place === undefined ? 'Imprimatur' : t(place.label)}
          </Link>
        </header>
      )}
      {!isCase && <Nav isOpen={open === 'menu'} onGone={() => setOpen(null)} onHelp={() => setOpen('help')} />}
      <div className="stage-of-page">
        {!isReachable && (
          <p className="offline" role="alert">
            <Icon name="warn" /> {t('state.offlineBanner')}
          </p>
        )}
        {children}
      </div>
      {open === 'help' && <HelpDialog onClose={() => setOpen(null)} />}
      {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
    </div>
  );
}
