import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { Me } from '../api/answers.ts';
import { connection, freshSignInEnded, onConnection } from '../api/connection.ts';
import { isFailure } from '../api/failure.ts';
import { queries } from '../api/queries.ts';
import { Failure } from '../parts/states.tsx';
import { useWords } from '../words/use-words.tsx';
import { takePreferences } from './save-preferences.ts';
import { FreshDialog, SessionDialog, SignInPage } from './sign-in.tsx';

const MeContext = createContext<Me | null>(null);

/** Other tabs tell here that somebody signed in again. */
const CHANNEL = 'imprimatur.session';

/** Whoever is signed in; before that, the page to sign in. A session that ends later asks in a dialog and leaves the page as it is. */
export function SignedIn({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const me = useQuery(queries.me());
  const { hasSession, isFresh } = useSyncExternalStore(onConnection, connection);
  const cache = useQueryClient();

  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = () => {
      // Asking who is signed in brings the token of the new session, and only then does the page go on.
      void cache.invalidateQueries().then(() => freshSignInEnded(true));
    };
    return () => channel.close();
  }, [cache]);

  const person = me.data?.id;
  const kept = me.data?.preferences['console'];
  const takeOver = useEffectEvent(() => person !== undefined && takePreferences(person, kept));
  // Once for each person: what is set later on this page is newer than what the server told first.
  useEffect(() => {
    if (person !== undefined) takeOver();
  }, [person]);

  useEffect(() => {
    if (me.data === undefined || !me.isSuccess || me.isError) return;
    if (isPopup()) {
      new BroadcastChannel(CHANNEL).postMessage('signed in');
      window.close();
    }
  }, [me.data, me.isSuccess, me.isError]);

  if (me.data === undefined) {
    if (isFailure(me.error, 401, 403)) return <SignInPage />;
    if (me.isError) {
      return (
        <main id="main" className="page">
          <h1 className="unseen">Imprimatur</h1>
          <Failure error={me.error} onRetry={() => me.refetch()} />
        </main>
      );
    }
    return (
      <main id="main" className="page">
        <p className="loading" role="status">
          {t('state.loading')}
        </p>
      </main>
    );
  }
  if (isPopup()) {
    return (
      <main id="main" className="sign-in">
        <h1>{t('signIn.done')}</h1>
        <p className="soft">{t('signIn.doneText')}</p>
      </main>
    );
  }
  return (
    <MeContext value={me.data}>
      {children}
      {!hasSession && <SessionDialog me={me.data} />}
      {hasSession && !isFresh && <FreshDialog me={me.data} />}
    </MeContext>
  );
}

/** Signing in again happens in a window of its own, which goes when it is done. */
function isPopup(): boolean {
  return location.pathname === '/console/signed-in';
}

export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe is used outside SignedIn');
  return me;
}

/** Whether one of the reader's roles brings the permission. The server decides; this only spares a button that would be refused. */
export function useMay(permission: string | null): boolean {
  const { permissions } = useMe();
  return permission === null || permissions.includes(permission);
}
