import { useMe } from '../shell/signed-in.tsx';
import { useWords } from '../words/use-words.tsx';
import { isKey } from '../words/words.ts';
import { shortId } from './short-id.ts';

/** Who did something. Colleagues are known by number here, so that nobody's name travels with what they saw. */
export function Who({ id }: { readonly id: string | null }) {
  const { t } = useWords();
  const me = useMe();
  if (id === null) return null;
  const ours = `who.${id}`;
  if (isKey(ours)) return <>{t(ours)}</>;
  if (id === me.id) return <>{t('who.you')}</>;
  return <bdi title={id}>{/^(user|key)_/.test(id) ? shortId(id) : id}</bdi>;
}
