import { useEffect, useState } from 'react';
import { api, bodyOf } from '../api/client.ts';
import type { Dossier, Viewer } from '../api/dossier.ts';
import { Icon } from '../parts/icons.tsx';
import { useMe } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';

/** The server forgets who has not said so for a minute. */
const SAY_EVERY_MS = 30_000;

/** Who else has the case open, as a number: two who look at once should talk, not race. Colleagues are not named here. */
export function Presence({ dossier: { id, viewers: first = [], lease } }: { readonly dossier: Dossier }) {
  const { t } = useWords();
  const me = useMe();
  const viewers = useViewers(id, first);
  const others = viewers.filter(({ who }) => who !== me.id).length;
  const isHeld = lease?.holder_is_other === true;
  if (others === 0 && !isHeld) return null;
  const text = isHeld ? t('case.otherHolds') : t('case.viewers', { n: others });
  return (
    <span className={`chip presence${isHeld ? ' warn' : ''}`} role="status" title={text}>
      <Icon name={others > 1 ? 'people' : 'person'} size={14} />
      <span>{text}</span>
    </span>
  );
}

/** Says that this page is open for as long as it is looked at, and learns of the others. */
function useViewers(id: string, first: readonly Viewer[]): readonly Viewer[] {
  const [viewers, setViewers] = useState(first);
  useEffect(() => {
    const path = { params: { path: { id } } };
    let isGone = false;
    const say = async () => {
      if (document.visibilityState !== 'visible') return;
      const now = await bodyOf(api.POST('/v1/cases/{id}/presence', { ...path, body: {} })).catch(() => null);
      if (now !== null && !isGone) setViewers(now.viewers);
    };
    void say();
    const timer = setInterval(say, SAY_EVERY_MS);
    return () => {
      isGone = true;
      clearInterval(timer);
      void api.POST('/v1/cases/{id}/presence', { ...path, body: { leaves: true }, keepalive: true }).catch(() => undefined);
    };
  }, [id]);
  return viewers;
}
