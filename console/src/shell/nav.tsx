import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { answerOf, api } from '../api/client.ts';
import { KeyHint } from '../keys/key-hint.tsx';
import { Icon } from '../parts/icons.tsx';
import { PLACES, to } from '../routes.ts';
import { useWords } from '../words/use-words.tsx';
import { useMe } from './signed-in.tsx';

const GROUPS = ['review', 'watch', 'rule', 'run', 'own'] as const;

/** The menu: only what the reader's roles open. */
export function Nav({ isOpen, onGone, onHelp }: { readonly isOpen: boolean; readonly onGone: () => void; readonly onHelp: () => void }) {
  const { t, named } = useWords();
  const me = useMe();
  const [path] = useLocation();
  const mine = PLACES.filter(({ permission }) => permission === null || me.permissions.includes(permission));
  const isHere = (address: string) =>
    address === '/' ? path === '/' || path.startsWith('/queues') || path.startsWith('/cases') : path.startsWith(address);
  return (
    <nav className={`nav${isOpen ? ' open' : ''}`} aria-label={t('nav.main')}>
      <Link href={to.queues()} className="brand">
        <img src="/console/icon.svg" alt="" width="24" height="24" />
        Imprimatur
      </Link>
      {GROUPS.filter((group) => mine.some((place) => place.group === group)).map((group) => (
        <ul key={group}>
          {mine
            .filter((place) => place.group === group)
            .map((place) => (
              <li key={place.to}>
                <Link href={place.to} className="nav-link" aria-current={isHere(place.to) ? 'page' : undefined} onClick={onGone}>
                  <Icon name={place.icon} />
                  {t(place.label)}
                </Link>
              </li>
            ))}
        </ul>
      ))}
      <div className="nav-foot">
        <button type="button" className="nav-link" onClick={onHelp}>
          <Icon name="help" />
          {t('keys.help')}
          <KeyHint action="help" />
        </button>
        <div className="who">
          <div>
            <bdi>{me.name}</bdi>
            <span className="small soft">{me.roles.map((role) => named('role', role)).join(', ')}</span>
          </div>
          <SignOut />
        </div>
      </div>
    </nav>
  );
}

function SignOut() {
  const { t } = useWords();
  const cache = useQueryClient();
  const signOut = useMutation({
    mutationFn: async () => answerOf(api.POST('/v1/sign-out', { body: {} })),
    onSuccess: (answer) => {
      const redirect = answer?.redirect ?? null;
      if (redirect !== null && /^https?:/.test(redirect)) location.assign(redirect);
      else {
        cache.clear();
        location.assign('/console/');
      }
    },
  });
  return (
    <button
      type="button"
      className="button quiet icon"
      aria-label={t('signIn.out')}
      title={t('signIn.out')}
      onClick={() => signOut.mutate()}
    >
      <Icon name="out" />
    </button>
  );
}
