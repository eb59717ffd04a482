import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

const HOLD_MS = 1_000;

/** A button that has to be held for a second: quick in an emergency, hard to do by accident. Typing the word does the same. */
export function HoldToStop({ isDisabled, onStop }: { readonly isDisabled: boolean; readonly onStop: () => void }) {
  const { t } = useWords();
  const [isHolding, setHolding] = useState(false);
  const [typed, setTyped] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const release = () => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  const press = () => {
    if (isDisabled || isHolding) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      setHolding(false);
      onStop();
    }, HOLD_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const isKey = (key: string) => key === ' ' || key === 'Enter';
  return (
    <form
      className="hold"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isDisabled && typed.trim() === 'STOP') {
          setTyped('');
          onStop();
        }
      }}
    >
      <button
        type="button"
        className={`button danger hold-button${isHolding ? ' holding' : ''}`}
        aria-disabled={isDisabled || undefined}
        onPointerDown={press}
        onPointerUp={release}
        onPointerLeave={release}
        onPointerCancel={release}
        onBlur={release}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => isKey(event.key) && press()}
        onKeyUp={(event) => isKey(event.key) && release()}
      >
        {isHolding ? t('kill.holding') : t('kill.hold')}
      </button>
      <label className="hold-typed">
        <span className="small soft">{t('kill.keyboard')}</span>
        <input
          className="input mono"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          disabled={isDisabled}
          autoComplete="off"
        />
      </label>
    </form>
  );
}
