import { useEffect, useState } from 'react';
import { KeyHint } from '../keys/key-hint.tsx';
import { ACTIONS, type Action, clashes, KEYMAP, strokeName } from '../keys/keymap.ts';
import { Button } from '../parts/button.tsx';
import { usePreferences } from '../shell/preferences.ts';
import { save } from '../shell/save-preferences.ts';
import { useWords } from '../words/use-words.tsx';

/** Every key, to be changed or switched off (WCAG 2.1.4). */
export function KeySettings() {
  const { t } = useWords();
  const { keysOn, keys } = usePreferences();
  const [waiting, setWaiting] = useState<Action | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    if (waiting === null) return;
    const take = (event: KeyboardEvent) => {
      if (['Shift', 'Control', 'Alt', 'Meta', 'Tab'].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      setWaiting(null);
      const stroke = strokeName(event);
      if (stroke === 'Escape') return;
      const [other] = clashes(waiting, stroke, keys);
      if (other !== undefined) {
        setProblem(t('settings.clash', { action: t(KEYMAP[other].label) }));
        return;
      }
      setProblem(null);
      save({ keys: { ...keys, [waiting]: stroke } });
    };
    document.addEventListener('keydown', take, true);
    return () => document.removeEventListener('keydown', take, true);
  }, [waiting, keys, t]);

  return (
    <section className="card keys-card">
      <h2>{t('settings.keys')}</h2>
      <label className="check">
        <input type="checkbox" checked={keysOn} onChange={() => save({ keysOn: !keysOn })} />
        <span>{t('settings.keysOn')}</span>
      </label>
      <p className="soft small">{t('settings.keysText')}</p>
      {problem !== null && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
      <ul className="key-rows">
        {ACTIONS.map((action) => (
          <li key={action}>
            <span>{t(KEYMAP[action].label)}</span>
            <KeyHint action={action} />
            <Button
              tone="quiet"
              onClick={() => setWaiting(action)}
              title={`${waiting === action ? t('settings.press') : t('settings.change')} ${t(KEYMAP[action].label)}`}
            >
              {waiting === action ? t('settings.press') : t('settings.change')}
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={() => save({ keys: {} })}>{t('settings.reset')}</Button>
    </section>
  );
}
