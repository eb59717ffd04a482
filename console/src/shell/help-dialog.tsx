import { KeyHint } from '../keys/key-hint.tsx';
import { ACTIONS, KEYMAP } from '../keys/keymap.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useWords } from '../words/use-words.tsx';
import { usePreferences } from './preferences.ts';

const GROUPS = ['case', 'everywhere', 'go'] as const;

/** All keys, as this reviewer has them. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const { keysOn } = usePreferences();
  return (
    <Dialog title={t('keys.help')} onClose={onClose} className="wide">
      {!keysOn && <p className="soft">{t('keys.off')}</p>}
      <div className="help-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl className="help-list">
              {ACTIONS.filter((action) => KEYMAP[action].group === group).map((action) => (
                <div key={action}>
                  <dt>{t(KEYMAP[action].label)}</dt>
                  <dd>
                    <KeyHint action={action} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="actions">
        <Button tone="primary" onClick={onClose}>
          {t('state.close')}
        </Button>
      </div>
    </Dialog>
  );
}
